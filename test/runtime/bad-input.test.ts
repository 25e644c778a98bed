// Whatever comes in from outside: what does not fit a step is refused by name, before the step touches anything.
import { describe, expect, it } from 'vitest';
import { InvalidDocumentError, InvalidInputError } from '../../src/core/errors.ts';
import { MAX_DOCUMENT_BYTES } from '../../src/core/rollout.ts';
import type { Ports } from '../../src/ports.ts';
import { runStep } from '../../src/runtime/run-step.ts';
import { STEPS } from '../../src/steps/index.ts';
import type { Step } from '../../src/steps/step.ts';
import { rolloutDocument } from '../support/rollout-fixtures.ts';
import { START_INPUT } from '../support/step-world.ts';

// biome-ignore lint/suspicious/noExplicitAny: the table erases the link between a step's input and its schema
type AnyStep = Step<any, any, keyof Ports>;
type Stem = keyof typeof STEPS;

const ROWS = Object.entries(STEPS) as [Stem, AnyStep][];

/** Ports that note every use and answer nothing. */
function untouched(): { readonly ports: Ports; readonly uses: string[] } {
  const uses: string[] = [];
  const trap = (path: string): unknown =>
    new Proxy(() => {}, {
      get: (_target, key) => trap(path === '' ? String(key) : `${path}.${String(key)}`),
      apply: () => {
        uses.push(path);
        throw new Error(`${path} was called`);
      },
    });
  return { ports: trap('') as Ports, uses };
}

const ROLLOUT = rolloutDocument('checkout-42-1');
const SIGNAL = { rolloutId: 'checkout-42-1', signal: 'abort', actor: 'ana' };
const RESOURCE = { RequestType: 'Create', ResourceProperties: { Spec: '{}', TargetRoleArn: 'arn' } };

/** What fits each step, so that every bad input below is one change away from a good one. */
const GOOD: Readonly<Record<Stem, object>> = {
  'start-rollout': START_INPUT,
  'abandon-rollout': START_INPUT,
  'shift-traffic': ROLLOUT,
  bake: { rollout: ROLLOUT, token: 'token' },
  'judge-canary': ROLLOUT,
  'commit-promotion': ROLLOUT,
  'settle-promotion': ROLLOUT,
  'finish-promotion': ROLLOUT,
  'roll-back': ROLLOUT,
  'handle-alarm-event': {
    detail: { alarmName: 'Checkout5xx', state: { value: 'OK', timestamp: '2026-11-21T14:00:00Z' } },
  },
  'signal-rollout': SIGNAL,
  'guard-rollout': { detail: { executionArn: 'arn:1', status: 'FAILED' } },
  'sweep-rollouts': {},
  'notify-people': {
    detail: { event: 'canary-held', atMs: 1, rolloutId: 'r', service: 's', sentence: 'x', data: {} },
  },
  'register-service': RESOURCE,
};

/** The sweeper reads nothing of its event. */
const READS_NOTHING: readonly Stem[] = ['sweep-rollouts'];
const READING = ROWS.filter(([stem]) => !READS_NOTHING.includes(stem));

/** Without each of its keys in turn, deep down too, as far as the step misses it. */
function withoutEach(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const { [key]: _gone, ...rest } = value as Record<string, unknown>;
    const deeper = withoutEach(inner, `${path}${key}.`).map(
      ([where, changed]) => [where, { ...value, [key]: changed }] as const,
    );
    return [[`${path}${key}`, rest] as const, ...deeper];
  });
}

describe.each(READING)('%s', (stem, step) => {
  const isPersons = step.trigger.kind === 'signal' || step.trigger.kind === 'custom-resource';
  const error = isPersons ? InvalidInputError : InvalidDocumentError;

  async function refuses(input: unknown): Promise<void> {
    const { ports, uses } = untouched();
    await expect(runStep(step, ports, input)).rejects.toBeInstanceOf(error);
    expect(uses).toEqual([]);
  }

  it('takes what fits it', () => {
    expect(step.input.safeParse(GOOD[stem]).success).toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'rollout'],
    ['a number', 42],
    ['a list', [1, 2]],
    ['an empty object', {}],
    ['something else', { hello: 'world' }],
    ['a document in a list', [ROLLOUT]],
  ])('refuses %s and touches nothing', async (_what, input) => {
    await refuses(input);
  });

  it('refuses, or does without, each key that is missing, and touches nothing while it refuses', async () => {
    let refused = 0;
    for (const [, input] of withoutEach(GOOD[stem])) {
      if (step.input.safeParse(input).success) continue;
      refused += 1;
      await refuses(input);
    }
    expect(refused).toBeGreaterThan(0);
  });

  it('refuses each value of another kind that its schema refuses, and touches nothing', async () => {
    for (const [key, value] of Object.entries(GOOD[stem])) {
      const strange = typeof value === 'object' ? 7 : { not: 'this' };
      const input = { ...GOOD[stem], [key]: strange };
      if (!step.input.safeParse(input).success) await refuses(input);
    }
  });
});

describe('a payload over the cap', () => {
  const STATES = ROWS.filter(([, { trigger }]) => trigger.kind === 'state');
  const padding = 'x'.repeat(MAX_DOCUMENT_BYTES);

  /** As large as a document can be while its shape is right. */
  function oversized(stem: Stem): unknown {
    if (stem === 'bake') return { rollout: { ...ROLLOUT, padding }, token: 'token' };
    if (stem === 'start-rollout' || stem === 'abandon-rollout')
      return { ...START_INPUT, request: { padding } };
    return { ...ROLLOUT, handle: { padding } };
  }

  it.each(STATES.filter(([, step]) => step.takesAnySize !== true))(
    '%s refuses it and touches nothing',
    async (stem, step) => {
      const { ports, uses } = untouched();
      expect(step.input.safeParse(oversized(stem)).success).toBe(true);
      const attempt = runStep(step, ports, oversized(stem));
      await expect(attempt).rejects.toBeInstanceOf(InvalidDocumentError);
      await expect(attempt).rejects.toThrow(/has \d+ bytes, 32768 are allowed/);
      expect(uses).toEqual([]);
    },
  );

  it('keeps no way back from being taken', () => {
    const any = STATES.filter(([, step]) => step.takesAnySize === true).map(([stem]) => stem);
    expect(any).toEqual(['abandon-rollout', 'roll-back']);
  });

  it('is counted without what the workflow itself adds: the finding of a Catch, the token of a bake', async () => {
    const large = { ...ROLLOUT, handle: { padding: 'x'.repeat(MAX_DOCUMENT_BYTES - 4000) } };
    const failure = { Error: 'Error', Cause: 'y'.repeat(10_000) };
    for (const [step, input] of [
      [STEPS['settle-promotion'], { ...large, failure }],
      [STEPS.bake, { rollout: large, token: 'z'.repeat(10_000) }],
    ] as [AnyStep, unknown][]) {
      const { ports, uses } = untouched();
      await expect(runStep(step, ports, input)).rejects.toThrow(/was called/);
      expect(uses).not.toEqual([]);
    }
  });
});
