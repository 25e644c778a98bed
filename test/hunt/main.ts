// The doorway of `npm run hunt`: many seeds with their coverage, one seed with its story, or the planted bugs.
import { writeFileSync } from 'node:fs';
import { type Coverage, coverageOf, ENFORCED_FROM_RUNS } from './coverage.ts';
import { coverageText } from './coverage-text.ts';
import { type Failing, failingText, keep, lookInto } from './failing.ts';
import { writeHunt } from './guarantees-doc.ts';
import { type HuntOptions, readOptions, USAGE } from './options.ts';
import { planted } from './planted/command.ts';
import { playAll } from './pool.ts';
import { runSeed } from './run-seed.ts';
import type { Failed } from './tally.ts';

/** More failing seeds than this are counted, not looked into. */
const LOOKED_INTO = 5;

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) return print(USAGE, 0);
  const options = optionsOr(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return 2;
  }
  if (options.does === 'points') return writePoints(options);
  if (options.does === 'planted') {
    const { text, code } = await planted(options);
    return print(text, code);
  }
  return options.seed === null ? hunt(options) : tellStory(options, options.seed);
}

/** What is wrong with the command line, where something is. */
function optionsOr(args: readonly string[]): HuntOptions | string {
  try {
    return readOptions(args);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function hunt(options: HuntOptions): Promise<number> {
  const beganAt = performance.now();
  const tally = await playAll({ ...options, onProgress: tellProgress(options.seeds) });
  const { failed } = tally;
  const coverage = coverageOf(tally);
  const failing = await lookIntoAll(failed, options);
  const seconds = (performance.now() - beganAt) / 1000;
  const isMissing = coverage.runs >= ENFORCED_FROM_RUNS && coverage.misses.length > 0;
  const code = failed.length > 0 || isMissing ? 1 : 0;
  if (options.writesDoc) {
    writeHunt({ coverage, violated: violatedIn(failed), seconds, workers: options.workers });
  }
  if (options.isJson) {
    return print(`${JSON.stringify({ seconds, failed, failing, coverage })}\n`, code);
  }
  return print(huntText(failed, failing, coverage, seconds), code);
}

async function lookIntoAll(failed: readonly Failed[], options: HuntOptions): Promise<readonly Failing[]> {
  const failing: Failing[] = [];
  for (const { seed, violations } of failed.slice(0, LOOKED_INTO)) {
    const [violation] = violations;
    if (violation !== undefined) failing.push(await lookInto(seed, violation, options.isShrinking));
  }
  if (options.isKept) for (const one of failing) process.stderr.write(`${keep(one)} is written\n`);
  return failing;
}

/** Runs with a violation, by invariant. */
function violatedIn(failed: readonly Failed[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { violations } of failed) {
    for (const id of new Set(violations.map(({ invariant }) => invariant))) {
      counts[id] = (counts[id] ?? 0) + 1;
    }
  }
  return counts;
}

function huntText(
  failed: readonly Failed[],
  failing: readonly Failing[],
  coverage: Coverage,
  seconds: number,
): string {
  const others = failed
    .slice(failing.length)
    .map(({ seed, violations }) => `${seed} (${violations[0]?.invariant})`);
  return [
    coverageText(coverage),
    ...failing.map(failingText),
    ...(others.length === 0 ? [] : [`further seeds that fail: ${others.join(', ')}\n`]),
    `${coverage.runs} runs in ${seconds.toFixed(1)} s, ${failed.length} with a violation\n`,
  ].join('');
}

async function tellStory(options: HuntOptions, seed: number): Promise<number> {
  const { only, untilMs, isJson } = options;
  const startMs = Date.UTC(2026, 0, 5, 9);
  const result = await runSeed(seed, {
    only: only === null ? null : new Set(only),
    ...(untilMs === null ? {} : { untilMs }),
    ...(isJson
      ? {}
      : {
          story: (atMs, line) => print(`${((atMs - startMs) / 1000).toFixed(3).padStart(9)}  ${line}\n`, 0),
        }),
  });
  const { violations, trace, outcomes, faults } = result;
  const code = violations.length > 0 ? 1 : 0;
  if (isJson)
    return print(
      `${JSON.stringify({ seed, outcomes, faults: [...faults.keys()], violations, trace })}\n`,
      code,
    );
  print(`seed ${seed}, ${result.mode}, ${result.profile}, ${result.target}: ${outcomes.join(', ')}\n`, 0);
  for (const { invariant, momentIndex, sentence } of violations) {
    print(
      `${invariant} is violated${momentIndex === null ? '' : ` at moment ${momentIndex}`}: ${sentence}\n`,
      0,
    );
  }
  const [violation] = violations;
  if (violation !== undefined && options.isShrinking && only === null) {
    const failing = await lookInto(seed, violation, true);
    print(failingText(failing), 0);
    if (options.isKept) print(`${keep(failing)} is written\n`, 0);
  }
  return code;
}

async function writePoints(options: HuntOptions): Promise<number> {
  const tally = await playAll({ ...options, onProgress: tellProgress(options.seeds) });
  const points = Object.keys(tally.points).toSorted();
  writeFileSync(new URL('./points.json', import.meta.url), `${JSON.stringify(points, null, 2)}\n`);
  return print(`${points.length} calls are known\n`, 0);
}

function tellProgress(seeds: number): (done: number) => void {
  return (done) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${seeds} runs${done === seeds ? '\n' : ''}`);
  };
}

function print(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

process.exitCode = await main(process.argv.slice(2));
