// The command line of the benchmark.
import { parseArgs } from 'node:util';
import { closest } from '../../src/core/closest.ts';
import { InvalidInputError, type Problem } from '../../src/core/errors.ts';
import type { Plan } from './benchmark.ts';
import type { Contestant } from './judges.ts';
import type { Scenario } from './traces/scenario.ts';

export interface Options extends Plan {
  /** null: standard output. */
  readonly out: string | null;
  /** Whether the level of the judge's core is measured too; it is no scenario. */
  readonly hasBorderRates: boolean;
}

const DEFAULT_SEED = 20_261_122;
const DEFAULT_OUT = 'docs/judge-benchmark.md';

/** @throws InvalidInputError naming the first option that makes no sense */
export function readOptions(
  argv: readonly string[],
  scenarios: readonly Scenario[],
  contestants: readonly Contestant[],
): Options {
  const { values } = parse(argv);
  const scale = numberOf(
    '--scale',
    values.scale ?? '1',
    (value) => value > 0 && value <= 100,
    '0.001 to 100',
  );
  const seed = numberOf('--seed', values.seed ?? String(DEFAULT_SEED), isSeed, 'a whole number from 0');
  // a quick look must not replace the page
  const isWhole =
    scale === 1 && seed === DEFAULT_SEED && values.only === undefined && values.judges === undefined;
  return {
    scale,
    seed,
    scenarios: scenariosNamed(values.only, scenarios),
    contestants: contestantsNamed(values.judges, contestants),
    out: values.out ?? (isWhole ? DEFAULT_OUT : null),
    hasBorderRates: values.only === undefined && values.judges === undefined,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        scale: { type: 'string' },
        seed: { type: 'string' },
        only: { type: 'string' },
        judges: { type: 'string' },
        out: { type: 'string' },
      },
    });
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw wrong({
      code: 'wrong-usage',
      what,
      got: argv.join(' '),
      allowed: '--scale, --seed, --only, --judges, --out',
      fix: 'Use the options that there are',
    });
  }
}

function numberOf(
  option: string,
  text: string,
  isAllowed: (value: number) => boolean,
  allowed: string,
): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (isAllowed(value)) return value;
  throw wrong({
    code: 'wrong-option',
    what: `${option} is not such a number`,
    got: text,
    allowed,
    fix: `Write ${option} with a number`,
  });
}

function isSeed(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function scenariosNamed(text: string | undefined, scenarios: readonly Scenario[]): readonly Scenario[] {
  if (text === undefined) return scenarios;
  const found = scenarios.filter(({ name }) => name.includes(text));
  if (found.length > 0) return found;
  const names = scenarios.map(({ name }) => name);
  throw wrong({
    code: 'no-such-scenario',
    what: 'no scenario has this text in its name',
    got: text,
    allowed: names.join(', '),
    fix: suggestion(text, names),
  });
}

function contestantsNamed(
  list: string | undefined,
  contestants: readonly Contestant[],
): readonly Contestant[] {
  if (list === undefined) return contestants;
  const names = contestants.map(({ name }) => name);
  const wanted = list.split(',');
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown === undefined) return contestants.filter(({ name }) => wanted.includes(name));
  throw wrong({
    code: 'no-such-judge',
    what: 'there is no judge of this name',
    got: unknown,
    allowed: names.join(', '),
    fix: suggestion(unknown, names),
  });
}

function suggestion(word: string, names: readonly string[]): string {
  const near = closest(word, names);
  return near === undefined ? 'Use one of these names' : `Did you mean ${near}?`;
}

function wrong(problem: Omit<Problem, 'where'>): InvalidInputError {
  return new InvalidInputError([{ ...problem, where: 'command line' }]);
}
