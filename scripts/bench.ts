// `npm run bench`: bundle sizes, cold import time per bundle, synth time, simulated rollouts per second.
// Times depend on the machine and are only reported; a bundle above its limit ends it with exit code 1.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleStep, MAX_BUNDLE_BYTES } from '../lib/bundling.ts';
import { alignColumns } from '../src/cli/table.ts';
import { parseServiceFile } from '../src/core/service-file.ts';
import { ScenarioSchema } from '../src/sim/scenario.ts';
import { simulate } from '../src/sim/simulate.ts';
import { specDigest } from '../src/spec-digest.ts';
import { STEPS } from '../src/steps/index.ts';

const IMPORTS_PER_BUNDLE = 5;
const TARGET_ROLLOUTS_PER_SECOND = 40;
const TICKS_PER_ROLLOUT = 60;
const SIMULATE_FOR_MS = 3000;

/** What the doorways read when they are loaded. */
const LAMBDA_ENV = {
  AWS_REGION: 'eu-west-2',
  STEPSHIFT_TABLE: 'table',
  STEPSHIFT_EVENT_BUS: 'bus',
  ...Object.fromEntries([1, 2, 3, 4].map((severity) => [`STEPSHIFT_TOPIC_SEV${severity}`, 'topic'])),
};

interface BundleMeasure {
  readonly stem: string;
  readonly bytes: number;
  readonly importMs: number;
}

const folder = mkdtempSync(join(tmpdir(), 'stepshift-bench-'));
try {
  const bundles = Object.keys(STEPS).map(measureBundle);
  const synthMs = measureSynth();
  const rolloutsPerSecond = await measureSimulation();
  print(bundleTable(bundles));
  print(totals(synthMs, rolloutsPerSecond));
  if (bundles.some(({ bytes }) => bytes > MAX_BUNDLE_BYTES)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

function measureBundle(stem: string): BundleMeasure {
  progress(`bundle ${stem}`);
  const file = join(folder, `${stem}.mjs`);
  bundleStep(stem, file);
  const times = Array.from({ length: IMPORTS_PER_BUNDLE }, () => coldImportMs(file));
  return { stem, bytes: statSync(file).size, importMs: median(times) };
}

/** In a process of its own, without the time that Node itself takes to start. */
function coldImportMs(file: string): number {
  const program = `
    const before = performance.now();
    await import(${JSON.stringify(pathToFileURL(file).href)});
    process.stdout.write(String(performance.now() - before));`;
  const env = LAMBDA_ENV;
  return Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { env, encoding: 'utf8' }),
  );
}

/** The CDK app with bundling, as `npm run synth` runs it, without the CDK command line around it. */
function measureSynth(): number {
  progress('synth');
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const before = performance.now();
  execFileSync(process.execPath, [join(root, 'bin/stepshift-app.ts')], {
    cwd: root,
    env: { CDK_OUTDIR: join(folder, 'cdk.out'), CDK_CONTEXT_JSON: JSON.stringify(context) },
    stdio: 'pipe',
  });
  return performance.now() - before;
}

async function measureSimulation(): Promise<number> {
  progress('simulate');
  const spec = parseServiceFile({
    service: 'bench',
    target: { lambdaAlias: { function: 'bench', alias: 'live', interface: 'event' } },
    stages: [{ weight: '50%', bake: `${TICKS_PER_ROLLOUT}m` }],
  });
  const scenario = ScenarioSchema.parse({
    description: 'A healthy canary on steady traffic',
    version: '42',
    traffic: { constant: 6000 },
    stable: { errors: '0.05%' },
  });
  const digest = specDigest(spec);
  let rollouts = 0;
  let before = performance.now();
  // the first rollouts run while the code is still being compiled
  for (let run = -5; rollouts === 0 || performance.now() - before < SIMULATE_FOR_MS; run += 1) {
    if (run === 0) before = performance.now();
    const { outcome } = await simulate(spec, digest, scenario, { seed: run + 5 });
    if (outcome !== 'PROMOTED') throw new Error(`the benchmarked rollout ended ${outcome}`);
    if (run >= 0) rollouts += 1;
  }
  return (rollouts * 1000) / (performance.now() - before);
}

function bundleTable(bundles: readonly BundleMeasure[]): readonly string[] {
  const rows = bundles.map(({ stem, bytes, importMs }) => [
    stem,
    (bytes / 1000).toFixed(0),
    importMs.toFixed(0),
    bytes > MAX_BUNDLE_BYTES ? `above ${MAX_BUNDLE_BYTES / 1000} KB` : '',
  ]);
  return alignColumns([['bundle', 'KB', 'import ms', ''], ...rows], ['left', 'right', 'right']);
}

function totals(synthMs: number, rolloutsPerSecond: number): readonly string[] {
  const note =
    rolloutsPerSecond < TARGET_ROLLOUTS_PER_SECOND ? `below target: ${TARGET_ROLLOUTS_PER_SECOND}` : '';
  return alignColumns(
    [
      ['synth, s', (synthMs / 1000).toFixed(1), ''],
      [`rollouts of ${TICKS_PER_ROLLOUT} ticks per s`, rolloutsPerSecond.toFixed(1), note],
    ],
    ['left', 'right'],
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function progress(what: string): void {
  process.stderr.write(`${what} …\n`);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n\n`);
}
