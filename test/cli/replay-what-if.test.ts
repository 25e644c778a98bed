// `--what-if`: the service file's own keys and quantities, refused in the same words, told of the change that was wrong.
import { describe, expect, test } from 'vitest';
import { parseServiceText } from '../../src/cli/service-source.ts';
import { whatIfSpec } from '../../src/cli/what-if.ts';
import { InvalidInputError, type Problem } from '../../src/core/errors.ts';
import { read } from '../support/architecture.ts';

const FILE = read('examples/replay/service.yaml');
const { spec: SPEC, written: WRITTEN } = parseServiceText(FILE, 'service.yaml');

function problemsOf(...texts: readonly string[]): readonly Problem[] {
  try {
    whatIfSpec(WRITTEN, texts);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems;
    throw error;
  }
  return [];
}

describe('a change', () => {
  test.each<[string, string, object]>([
    [
      'a value that is written',
      'checks.errors.limit=2%',
      { checks: { errors: { limitPercent: 2, floorPercent: 0.1 } } },
    ],
    [
      'a value that is left to its default',
      'checks.latency.tolerance=x2',
      { checks: { latency: { toleranceRatio: 2, limitMs: 800 } } },
    ],
    ['a word', 'sensitivity=high', { sensitivity: 'high' }],
    ['a check switched off', 'checks.latency=false', { checks: { latency: null } }],
    [
      'a map',
      'checks.errors={limit: 3%, floor: 0.2%}',
      { checks: { errors: { limitPercent: 3, floorPercent: 0.2 } } },
    ],
    ['a preset', 'stages=quick', { stages: [{ weightPercent: 10 }, { weightPercent: 50 }] }],
    ['a list', 'stages=[{weight: 7%, bake: 3m}]', { stages: [{ weightPercent: 7, bakeSeconds: 180 }] }],
    [
      'a check of the team',
      'checks.conversion.tolerance=x0.8',
      { checks: { custom: [{ toleranceRatio: 0.8 }, {}] } },
    ],
    ['spaces', ' maxHold = 1h ', { maxHoldSeconds: 3600 }],
  ])('%s', (_what, text, expected) => {
    expect(whatIfSpec(WRITTEN, [text])).toMatchObject(expected);
  });

  test('several apply together, and the file stays as it is', () => {
    const changed = whatIfSpec(WRITTEN, ['checks.errors.limit=2%', 'checks.errors.tolerance=x3']);
    expect(changed.checks.errors).toMatchObject({ limitPercent: 2, toleranceRatio: 3 });
    expect(parseServiceText(FILE, 'service.yaml').written).toEqual(WRITTEN);
    expect(whatIfSpec(WRITTEN, [])).toEqual(SPEC);
  });

  test('an entry of a list', () => {
    const written = {
      ...WRITTEN,
      stages: [
        { weight: '5%', bake: '10m' },
        { weight: '50%', bake: '10m' },
      ],
    };
    expect(whatIfSpec(written, ['stages[1].bake=5m']).stages).toEqual([
      { weightPercent: 5, bakeSeconds: 600 },
      { weightPercent: 50, bakeSeconds: 300 },
    ]);
  });
});

describe('a change that is wrong', () => {
  test.each<[string, string, string, string]>([
    ['a slip in the last key', 'checks.errors.limt=2%', 'unknown-key', 'Did you mean limit?'],
    ['a slip in the first key', 'check.errors.limit=2%', 'unknown-key', 'Did you mean checks?'],
    ['a bare number', 'checks.errors.limit=2', 'not-a-percent', 'Write 2%'],
    ['another quantity', 'checks.errors.limit=2m', 'not-a-percent', 'Write a number with %'],
    ['a value out of range', 'checks.errors.limit=200%', 'out-of-range', 'at most 100%'],
    ['an unknown word', 'sensitivity=hihg', 'unknown-word', 'Did you mean high?'],
    ['values that do not fit together', 'checks.errors.floor=3%', 'floor-above-limit', 'checks.errors'],
    ['no value', 'checks.errors.limit=', 'wrong-what-if', 'Write the keys'],
    ['no key', '=2%', 'wrong-what-if', 'Write the keys'],
    ['neither', 'checks.errors.limit', 'wrong-what-if', 'Write the keys'],
    ['no path', 'checks..limit=2%', 'wrong-what-if', 'Write the keys'],
    ['no YAML', 'stages=[', 'wrong-what-if', 'Write the keys'],
    ['an alias of nothing', 'stages=*x', 'wrong-what-if', 'Write the keys'],
    ['a place inside of a word', 'stages[0].bake=5m', 'wrong-what-if', 'Give stages as a whole'],
    ['a key inside of a word', 'stages.first=1', 'wrong-what-if', 'Give stages as a whole'],
    ['the prototype of all objects', '__proto__.limit=2%', 'unknown-key', 'Remove it'],
  ])('%s', (_what, text, code, fix) => {
    const [problem] = problemsOf(text);
    expect(problem).toMatchObject({ code, fix: expect.stringContaining(fix) });
    expect(`${problem?.where} ${problem?.got}`).toContain(text);
    expect(({} as Record<string, unknown>)['limit']).toBeUndefined();
  });

  test('of several changes the wrong one is named', () => {
    const problems = problemsOf('checks.errors.limit=2%', 'checks.errors.tolerance=2', 'sensitivity=low');
    expect(problems.map(({ where }) => where)).toEqual([
      '--what-if checks.errors.tolerance=2',
      '--what-if sensitivity=low',
    ]);
  });
});
