// `stepshift abort`: what is asked of the engine, and what each answer means for the exit code.
import { describe, expect, it } from 'vitest';
import { abortCommandOn } from '../../../src/cli/commands/abort.ts';
import { type FakeEngine, fakeEngine } from '../../support/fake-engine.ts';
import { runInMemory } from '../../support/run-cli.ts';

function run(engine: FakeEngine, ...argv: string[]) {
  return runInMemory(['abort', ...argv], { commands: [abortCommandOn(engine.open)] });
}

describe('stepshift abort', () => {
  it('asks the engine for a stop with the reason, and says what stands', async () => {
    const engine = fakeEngine();
    expect(await run(engine, 'r1', '-m', ' wrong totals ')).toEqual({
      code: 0,
      out: 'It is latched.\n',
      err: '',
    });
    expect(engine.aborts).toEqual([{ rolloutId: 'r1', message: 'wrong totals' }]);
    expect(engine.opened).toEqual(['StepshiftEngine']);
  });

  it('finds the engine that is named', async () => {
    const engine = fakeEngine();
    await run(engine, 'r1', '-m', 'why', '--engine', 'Other');
    expect(engine.opened).toEqual(['Other']);
  });

  it.each([
    ['latched', 0],
    ['ended', 0],
    ['past-stopping', 6],
  ] as const)('ends %s with exit code %i', async (state, code) => {
    const engine = fakeEngine();
    engine.abortAnswer = state;
    const { code: got, out } = await run(engine, 'r1', '-m', 'why', '--format', 'json');
    expect(got).toBe(code);
    expect(JSON.parse(out)).toEqual({ rolloutId: 'r1', state, sentence: `It is ${state}.` });
  });

  it.each([[['r1']], [['r1', '-m', ' ']], [['r1', '-m', 'x'.repeat(301)]], [['-m', 'why']]])(
    'asks nothing without a rollout and a reason that fits: %j',
    async (argv) => {
      const engine = fakeEngine();
      expect((await run(engine, ...argv)).code).toBe(2);
      expect(engine.aborts).toEqual([]);
    },
  );
});

it.each(['a b', 'x/y', 'r'.repeat(81)])(
  'refuses an id that no rollout can have before it looks for an engine: %j',
  async (id) => {
    const command = abortCommandOn(() => Promise.reject(new Error('AWS was asked')));
    const { code, err } = await runInMemory(['abort', id, '-m', 'why'], { commands: [command] });
    expect(code).toBe(2);
    expect(err).toMatch(/^wrong-name {2}/);
  },
);
