// `stepshift abort`, `pause`, `resume`, `approve`, `promote`: what is asked of the engine, what its answers mean.
import { describe, expect, it } from 'vitest';
import { signalCommandsOn } from '../../../src/cli/commands/signals.ts';
import { SIGNALS } from '../../../src/core/signals.ts';
import type { SignalAnswer } from '../../../src/steps/signal-rollout.ts';
import { type FakeEngine, fakeEngine } from '../../support/fake-engine.ts';
import { runInMemory } from '../../support/run-cli.ts';

const VERBS = ['abort', ...SIGNALS];

/** Every state that the step may answer but `unknown`, and one that only a newer engine knows. */
const CODES: Readonly<
  Record<Exclude<SignalAnswer['state'], 'unknown'> | 'a-word-of-a-newer-engine', number>
> = {
  latched: 0,
  kept: 0,
  unchanged: 0,
  ended: 0,
  'past-stopping': 6,
  'a-word-of-a-newer-engine': 0,
};

function run(engine: FakeEngine, ...argv: string[]) {
  return runInMemory(argv, { commands: signalCommandsOn(engine.open) });
}

it('there is a verb for every signal that a rollout knows', () => {
  const verbs = signalCommandsOn(fakeEngine().open).map(({ verb }) => verb);
  expect(verbs.toSorted()).toEqual(VERBS.toSorted());
});

describe.each(VERBS)('stepshift %s', (verb) => {
  it('tells the engine with the reason, and says what stands', async () => {
    const engine = fakeEngine();
    expect(await run(engine, verb, 'r1', '-m', ' wrong totals ')).toEqual({
      code: 0,
      out: 'It is latched.\n',
      err: '',
    });
    expect(engine.signals).toEqual([{ rolloutId: 'r1', signal: verb, message: 'wrong totals' }]);
    expect(engine.opened).toEqual(['StepshiftEngine']);
  });

  it('finds the engine that is named', async () => {
    const engine = fakeEngine();
    await run(engine, verb, 'r1', '-m', 'why', '--engine', 'Other');
    expect(engine.opened).toEqual(['Other']);
  });

  it.each(Object.entries(CODES))('ends %s with exit code %i', async (state, code) => {
    const engine = fakeEngine();
    engine.answer = state;
    const { code: got, out } = await run(engine, verb, 'r1', '-m', 'why', '--format', 'json');
    expect(got).toBe(code);
    expect(JSON.parse(out)).toEqual({ rolloutId: 'r1', state, sentence: `It is ${state}.` });
  });

  it('says of a rollout that there is not what every other verb says', async () => {
    const engine = fakeEngine();
    engine.answer = 'unknown';
    const { code, out, err } = await run(engine, verb, 'r1', '-m', 'why');
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toMatch(/^rollout-unknown {2}this engine has no record of a rollout r1\n/);
    expect(err).toContain('Fix: See those that are running: stepshift status');
  });

  it.each([[['r1', '-m', 'x'.repeat(301)]], [['-m', 'why']], [['r1', '-m', 'why', '--loud']]])(
    'asks nothing on a wrong command line: %j',
    async (argv) => {
      const engine = fakeEngine();
      expect((await run(engine, verb, ...argv)).code).toBe(2);
      expect(engine.signals).toEqual([]);
    },
  );

  it.each(['a b', 'x/y', 'r'.repeat(81)])(
    'refuses an id that no rollout can have before it looks for an engine: %j',
    async (id) => {
      const commands = signalCommandsOn(() => Promise.reject(new Error('AWS was asked')));
      const { code, err } = await runInMemory([verb, id, '-m', 'why'], { commands });
      expect(code).toBe(2);
      expect(err).toMatch(/^wrong-name {2}/);
    },
  );

  it('shows an example to copy, which it understands', async () => {
    const { out } = await run(fakeEngine(), verb, '--help');
    const examples = [...out.matchAll(/^ {2}stepshift (.+)$/gm)].map((match) => match[1] ?? '');
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const argv = [...example.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
      expect((await run(fakeEngine(), ...argv)).code).toBe(0);
    }
  });
});

describe('the reason', () => {
  it.each([[['r1']], [['r1', '-m', ' ']]])('is what an abort cannot be without: %j', async (argv) => {
    const engine = fakeEngine();
    expect((await run(engine, 'abort', ...argv)).code).toBe(2);
    expect(engine.signals).toEqual([]);
  });

  it.each(SIGNALS)('may be left out of %s', async (signal) => {
    const engine = fakeEngine();
    expect((await run(engine, signal, 'r1')).code).toBe(0);
    expect(engine.signals).toEqual([{ rolloutId: 'r1', signal, message: '' }]);
  });
});

it.each([
  [' ', 'wrong-option  --message cannot be empty', 'Got: nothing'],
  ['x'.repeat(301), `wrong-option  --message cannot be ${'x'.repeat(59)}…`, 'Got: 301 characters'],
])('a reason of the wrong length is told in one line (%#)', async (message, ...words) => {
  const { err } = await run(fakeEngine(), 'abort', 'r1', '-m', message);
  for (const word of words) expect(err).toContain(word);
  expect(Math.max(...err.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
});

describe('stepshift approve --stage', () => {
  it('counts stages as plan does, from 1, where the record counts from 0', async () => {
    const engine = fakeEngine();
    await run(engine, 'approve', 'r1', '--stage', '3');
    expect(engine.signals).toEqual([{ rolloutId: 'r1', signal: 'approve', message: '', stageIndex: 2 }]);
  });

  it.each(['0', '-1', '1.5', 'last', ''])('refuses %j', async (stage) => {
    const engine = fakeEngine();
    expect((await run(engine, 'approve', 'r1', `--stage=${stage}`)).code).toBe(2);
    expect(engine.signals).toEqual([]);
  });

  it('is an option of no other signal', async () => {
    const engine = fakeEngine();
    for (const verb of VERBS.filter((name) => name !== 'approve')) {
      expect((await run(engine, verb, 'r1', '-m', 'why', '--stage', '1')).code).toBe(2);
    }
    expect(engine.signals).toEqual([]);
  });
});
