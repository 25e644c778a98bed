import { describe, expect, it } from 'vitest';
import { CONTESTANTS, OURS } from '../../bench/judge/judges.ts';
import { readOptions } from '../../bench/judge/options.ts';
import { SCENARIOS } from '../../bench/judge/scenarios/index.ts';
import { InvalidInputError } from '../../src/core/errors.ts';

const read = (...argv: readonly string[]) => readOptions(argv, SCENARIOS, CONTESTANTS);

describe('the options of the benchmark', () => {
  it('take everything and write the page where nothing is said', () => {
    expect(read()).toMatchObject({ scale: 1, out: 'docs/judge-benchmark.md', hasBorderRates: true });
    expect(read().scenarios).toEqual(SCENARIOS);
    expect(read().contestants.map(({ name }) => name)).toContain(OURS);
  });

  it.each([
    ['--scale', '0.1'],
    ['--seed', '5'],
    ['--only', 'errors-x10'],
    ['--judges', 'flagger'],
  ])('never write the page with %s %s, unless told where', (...argv) => {
    expect(read(...argv).out).toBeNull();
    expect(read(...argv, '--out', 'quick.md').out).toBe('quick.md');
  });

  it('choose scenarios and judges', () => {
    const { scenarios, contestants, hasBorderRates } = read('--only', 'kpi', '--judges', 'argo,flagger');
    expect(scenarios.every(({ name }) => name.includes('kpi'))).toBe(true);
    expect(contestants.map(({ name }) => name)).toEqual(['flagger', 'argo']);
    expect(hasBorderRates).toBe(false);
  });

  it.each([
    [['--scale', 'all'], 'wrong-option', 'with a number'],
    [['--scale', '0'], 'wrong-option', 'with a number'],
    [['--scale', ''], 'wrong-option', 'with a number'],
    [['--seed', '1.5'], 'wrong-option', 'with a number'],
    [['--only', 'erors-x10'], 'no-such-scenario', 'errors-x10'],
    [['--judges', 'fluger'], 'no-such-judge', 'flagger'],
    [['--judges', 'flagger,'], 'no-such-judge', 'one of these'],
    [['--fast'], 'wrong-usage', 'options that there are'],
  ])('refuse %j', (argv, code, fix) => {
    const problem = problemOf(() => read(...argv));
    expect(problem?.code).toBe(code);
    expect(problem?.fix).toContain(fix);
  });
});

function problemOf(run: () => unknown) {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems[0];
    throw error;
  }
}
