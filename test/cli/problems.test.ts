// How problems look to a person: the sentence, the line with its caret, the fix.
import { describe, expect, test } from 'vitest';
import { renderProblems } from '../../src/cli/problems.ts';
import { parseServiceText } from '../../src/cli/service-source.ts';
import { InvalidInputError, type Problem } from '../../src/core/errors.ts';

const HEAD = 'service: checkout\ntarget:\n  lambdaAlias: { function: checkout-api, alias: live }\n';

function rendered(more: string): string {
  try {
    parseServiceText(HEAD + more, 'checkout.yaml');
  } catch (error) {
    if (error instanceof InvalidInputError) return renderProblems(error.problems, false);
    throw error;
  }
  return 'no problem';
}

describe('a problem with its line', () => {
  test('weights that do not rise', () => {
    expect(
      rendered('stages: [{ weight: 25%, bake: 10m }, { weight: 10%, bake: 10m }]\n'),
    ).toMatchInlineSnapshot(`
      "stages-must-rise  stages must rise, but 25% is followed by 10%
        checkout.yaml:4:48
        4 │ stages: [{ weight: 25%, bake: 10m }, { weight: 10%, bake: 10m }]
          │                                                ^^^
        Got: 10%
        Allowed: more than 25%
        Fix: Reorder the list, or remove the stage of 10%
        More: docs/errors.md#stages-must-rise"
    `);
  });

  test('a number without its unit', () => {
    expect(rendered('maxHold: 20\n')).toMatchInlineSnapshot(`
      "not-a-duration  maxHold is a bare number, not a duration
        checkout.yaml:4:10
        4 │ maxHold: 20
          │          ^^
        Got: 20
        Allowed: a number with s, m, h or d, for example 90s, 10m or 1h30m, in whole seconds
        Fix: Write 20m for minutes or 20s for seconds
        More: docs/errors.md#not-a-duration"
    `);
  });

  test('a slip of the pen', () => {
    expect(rendered('onInconclusiv: ask\n')).toMatchInlineSnapshot(`
      "unknown-key  there is no key onInconclusiv
        checkout.yaml:4:1
        4 │ onInconclusiv: ask
          │ ^^^^^^^^^^^^^
        Got: onInconclusiv
        Allowed: service, target, stages, checks, sensitivity, maxHold, onInconclusive, notify, waivers
        Fix: Did you mean onInconclusive?
        More: docs/errors.md#unknown-key"
    `);
  });

  test('a check of their own without its statistic', () => {
    expect(
      rendered('checks:\n  conversion: { metric: { namespace: Shop, name: Orders }, better: higher }\n'),
    ).toMatchInlineSnapshot(`
      "missing-key  checks.conversion.metric.stat is missing
        checkout.yaml:5:17
        5 │   conversion: { metric: { namespace: Shop, name: Orders }, better: highe…
          │                 ^^^^^^
        Got: nothing
        Allowed: Statistic: Sum, Average, Minimum, Maximum, SampleCount, p90, tm95, TM(10%:90%) and their like
        Fix: Add stat, for example p90
        More: docs/errors.md#missing-key"
    `);
  });

  test('a stage without its bake', () => {
    expect(rendered('stages:\n  - { weight: 5% }\n')).toMatchInlineSnapshot(`
      "missing-key  stages[0].bake is missing
        checkout.yaml:5:5
        5 │   - { weight: 5% }
          │     ^^^^^^^^^^^^^^
        Got: nothing
        Allowed: How long the canary is judged at this weight before the next one, at most 7d
        Fix: Add bake, for example 10m
        More: docs/errors.md#missing-key"
    `);
  });

  test('a plan over the budget', () => {
    expect(rendered('stages:\n  - { weight: 5%, bake: 7d }\n')).toMatchInlineSnapshot(`
      "plan-over-budget  this plan could need 21,234 history events, and one execution has room for 17,900
        checkout.yaml:5:3
        5 │   - { weight: 5%, bake: 7d }
          │   ^^^^^^^^^^^^^^^^^^^^^^^^^^
        Got: up to 8d 23m in 1,631 ticks
        Allowed: fewer than 17,900 events, about 5 days in all
        Fix: Shorten the bakes or maxHold, or use fewer stages or approvals
        More: docs/errors.md#plan-over-budget"
    `);
  });

  test('text that is not YAML', () => {
    expect(rendered('checks: { alarms: [a\n')).toMatchInlineSnapshot(`
      "not-yaml  this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]
        checkout.yaml:5:1
        Got: the end of the file
        Allowed: one YAML or JSON document
        Fix: Correct the line: spaces (never tabs) indent, and a colon with a space follows a key
        More: docs/errors.md#not-yaml"
    `);
  });
});

describe('a long line', () => {
  test.each([1, 30, 77, 100, 197, 201])('is shown around column %d with … for the rest', (column) => {
    const text = 'abcdefghij'.repeat(20);
    const problem: Problem = { code: 'not-yaml', what: 'b', where: 'c', got: '', allowed: '', fix: '' };
    const located = { ...problem, source: { line: 1234, column, length: 3, text } };
    const [, , shown = '', caret = ''] = renderProblems([located], false).split('\n');
    const at = caret.indexOf('^');
    expect(shown.slice(at, at + 3)).toBe(text.slice(column - 1, column + 2));
    expect(shown).toContain('…');
    expect(Math.max(shown.length, caret.length)).toBeLessThanOrEqual(80);
  });
});

describe('a problem of any kind', () => {
  const problem: Problem = {
    code: 'alias-missing',
    what: 'what',
    where: 'where',
    got: '',
    allowed: '',
    fix: 'Fix',
  };

  test('says only what there is to say', () => {
    expect(renderProblems([problem, problem], false)).toBe(
      'alias-missing  what\n  where\n  Fix: Fix\n  More: docs/errors.md#alias-missing\n\nalias-missing  what\n  where\n  Fix: Fix\n\n2 problems',
    );
  });

  test('tells of many the first twenty, and how many there are', () => {
    const many = renderProblems(Array(57).fill(problem), false);
    expect(many.match(/^alias-missing {2}/gm)).toHaveLength(20);
    expect(many).toMatch(/\n\n57 problems, of which the first 20 are shown$/);
  });

  test('counts nothing where it says itself that there are more', () => {
    const more: Problem = { ...problem, code: 'more-problems', what: 'and 47 more' };
    expect(renderProblems([problem, more], false)).not.toMatch(/^\d+ problems/m);
  });

  test('colour repeats what the words say', () => {
    const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
    const coloured = renderProblems([problem], true);
    expect(coloured).not.toBe(renderProblems([problem], false));
    expect(coloured.replaceAll(escapes, '')).toBe(renderProblems([problem], false));
  });

  test('control characters of the input do not reach the terminal', () => {
    const control = String.fromCharCode(27);
    const hostile = {
      ...problem,
      what: `a${control}[2Jb`,
      got: `c${control}[31m`,
      where: `f${control}c.yaml`,
    };
    expect(renderProblems([hostile], false)).not.toContain(control);
  });

  test('a long line is cut around the place', () => {
    const text = `${'x'.repeat(500)}HERE${'y'.repeat(500)}`;
    const located = { ...problem, source: { line: 7, column: 501, length: 4, text } };
    const lines = renderProblems([located], false).split('\n');
    const column = lines[3]?.indexOf('^') ?? -1;
    expect(lines[2]?.slice(column, column + 4)).toBe('HERE');
    expect(lines[3]?.slice(column)).toBe('^^^^');
    expect(lines[2]).toMatch(/│ ….*…$/);
    expect(lines.every((line) => line.length <= 80)).toBe(true);
  });
});

describe('a narrow terminal', () => {
  const problem: Problem = {
    code: 'alarm-firing',
    what: 'already in ALARM: Checkout5xx, CheckoutLatency and CheckoutThrottles',
    where: 'checks.alarms',
    got: 'ALARM',
    allowed: 'OK or INSUFFICIENT_DATA at the start of a rollout',
    fix: 'See which of them fire: aws cloudwatch describe-alarms --state-value ALARM',
  };

  test('gets lines that it can show, and a command in one piece', () => {
    expect(renderProblems([problem], false, 40)).toMatchInlineSnapshot(`
      "alarm-firing  already in ALARM:
        Checkout5xx, CheckoutLatency and
        CheckoutThrottles
        checks.alarms
        Got: ALARM
        Allowed: OK or INSUFFICIENT_DATA at
          the start of a rollout
        Fix: See which of them fire:
          aws cloudwatch describe-alarms --state-value ALARM
        More: docs/errors.md#alarm-firing"
    `);
  });

  test.each([1, 20, 40, 79, 80, 81, 120])('of %d columns loses no word', (columns) => {
    const words = (text: string): readonly string[] => text.split(/\s+/);
    const whole = words(renderProblems([problem], false));
    const shown = renderProblems([problem], false, columns);
    expect(words(shown).join('')).toBe(whole.join(''));
    const prose = shown.split('\n').filter((line) => !/aws|docs\//.test(line));
    if (columns >= 20) expect(Math.max(...prose.map(({ length }) => length))).toBeLessThanOrEqual(columns);
  });

  test('gets the part of the line that is wrong', () => {
    const text = `${'x'.repeat(60)}HERE${'y'.repeat(60)}`;
    const located = { ...problem, source: { line: 7, column: 61, length: 4, text } };
    const lines = renderProblems([located], false, 40).split('\n');
    const at = lines.findIndex((line) => line.includes('HERE'));
    expect(lines[at]?.length).toBeLessThanOrEqual(40);
    expect(lines[at + 1]?.indexOf('^^^^')).toBe(lines[at]?.indexOf('HERE'));
  });
});
