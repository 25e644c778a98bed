// `npm run bench:synth`: time to synthesize, and what the templates weigh beside AWS's limits.
// The time depends on the machine and is only reported; a size over its limit ends it with exit code 1.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, AssetStaging, type Stack } from 'aws-cdk-lib';
import cdkJson from '../cdk.json' with { type: 'json' };
import { addStacks } from '../lib/app.ts';
import { DEFAULT_ENGINE_NAME } from '../lib/names.ts';
import { alignColumns } from '../src/cli/table.ts';
import { SYNTH_CASES, type SynthCase } from './synth-cases.ts';
import { largestSizes, overLimit, SIZE_LIMITS, sizesOf, type TemplateSizes } from './template-sizes.ts';

interface SynthMeasure {
  readonly name: string;
  /** Bundling and checking the templates included. */
  readonly synthMs: number;
  readonly engine: TemplateSizes;
  /** The largest of each size among the service stacks; null where there is none. */
  readonly service: TemplateSizes | null;
}

const HEADINGS: Readonly<Record<keyof TemplateSizes, string>> = {
  templateBytes: 'template B',
  resources: 'resources',
  inlinePolicyCharacters: 'role inline',
  managedPolicyCharacters: 'managed',
  trustPolicyCharacters: 'trust',
  eventPatternCharacters: 'pattern',
  functionPolicyBytes: 'function policy B',
};

const COLUMNS = Object.keys(HEADINGS) as (keyof TemplateSizes)[];

const measures = SYNTH_CASES.map(measure);
process.stdout.write(`${report(measures).join('\n')}\n`);
const excesses = measures.flatMap(({ name, engine, service }) =>
  [engine, ...(service === null ? [] : [service])].flatMap((sizes) =>
    overLimit(sizes).map((size) => `${name}: ${size} is ${sizes[size]}, above ${SIZE_LIMITS[size]}`),
  ),
);
if (excesses.length > 0) {
  process.stderr.write(`${excesses.join('\n')}\n`);
  process.exitCode = 1;
}

function measure({ name, specs }: SynthCase): SynthMeasure {
  process.stderr.write(`${name} …\n`);
  // or the later cases would be given the bundles of the first
  AssetStaging.clearAssetHashCache();
  const before = performance.now();
  const outdir = mkdtempSync(join(tmpdir(), 'stepshift-synth-'));
  try {
    const app = new App({ context: cdkJson.context, outdir });
    const stacks = addStacks(app, { engineName: DEFAULT_ENGINE_NAME, specs });
    const assembly = app.synth();
    const synthMs = performance.now() - before;
    const sizes = ({ artifactId }: Stack): TemplateSizes =>
      sizesOf(readFileSync(assembly.getStackArtifact(artifactId).templateFullPath, 'utf8'));
    const services = stacks.services.map(sizes);
    const service = services.length === 0 ? null : largestSizes(services);
    return { name, synthMs, engine: sizes(stacks.engine), service };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function report(all: readonly SynthMeasure[]): readonly string[] {
  const row = (name: string, time: string, sizes: TemplateSizes): string[] => [
    name,
    time,
    ...COLUMNS.map((column) => String(sizes[column])),
  ];
  return alignColumns(
    [
      ['', 'synth s', ...COLUMNS.map((column) => HEADINGS[column])],
      ...all.map(({ name, synthMs, engine, service }) =>
        row(name, (synthMs / 1000).toFixed(1), service ?? engine),
      ),
      row('limit', '', SIZE_LIMITS),
    ],
    ['left', ...COLUMNS.map(() => 'right' as const), 'right'],
  );
}
