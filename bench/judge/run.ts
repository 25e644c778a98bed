// `npm run bench:judge`: all judges on all seeded traces. Writes docs/judge-benchmark.md; progress and times go to stderr.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidInputError } from '../../src/core/errors.ts';
import { runScenario } from './benchmark.ts';
import { borderRates } from './border/rates.ts';
import { renderDocument } from './document/index.ts';
import { CONTESTANTS } from './judges.ts';
import { type Options, readOptions } from './options.ts';
import { SCENARIOS } from './scenarios/index.ts';

const EXIT_INVALID_INPUT = 2;

try {
  run(readOptions(process.argv.slice(2), SCENARIOS, CONTESTANTS));
} catch (error) {
  if (!(error instanceof InvalidInputError)) throw error;
  for (const { code, what, got, allowed, fix } of error.problems) {
    tell(`${code}: ${what}\n  got      ${got}\n  allowed  ${allowed}\n  fix      ${fix}`);
  }
  process.exitCode = EXIT_INVALID_INPUT;
}

function run(options: Options): void {
  // minutes later is too late to find that there is no such folder
  if (options.out !== null) mkdirSync(dirname(options.out), { recursive: true });
  const startMs = performance.now();
  const msByJudge = new Map<string, number>();
  const scenarios = options.scenarios.map((scenario, i) =>
    runScenario(
      options,
      scenario,
      {
        scenario: (name, rollouts) => tell(`${i + 1}/${options.scenarios.length} ${name} × ${rollouts}`),
        judged: (name, ms) => msByJudge.set(name, (msByJudge.get(name) ?? 0) + ms),
      },
      () => performance.now(),
    ),
  );
  const { seed, scale, contestants } = options;
  if (options.hasBorderRates) tell('error rate on the border');
  const rates = options.hasBorderRates ? borderRates(seed, scale) : null;
  const text = renderDocument({ seed, scale, contestants, scenarios }, rates);
  if (options.out === null) process.stdout.write(text);
  else writeFileSync(options.out, text);
  for (const [name, ms] of msByJudge) tell(`${name}: ${(ms / 1000).toFixed(1)} s`);
  tell(`all: ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
