// Failures of docs/guarantees.md that need a whole rollout, or two, to show, and have no place in the test of one step.
import { describe, expect, it } from 'vitest';
import { RejectedError } from '../../src/core/errors.ts';
import type { Workflow } from '../../src/core/workflow.ts';
import { workflow } from '../../src/core/workflow.ts';
import { memoryTokens } from '../../src/sim/memory-tokens.ts';
import { type StepTable, startWorkflow } from '../../src/sim/run-workflow.ts';
import { inVirtualTime } from '../../src/sim/virtual-time.ts';
import { STEPS } from '../../src/steps/index.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { startRollout } from '../../src/steps/start-rollout.ts';
import { eventsOf, quickRun } from '../sim/quick-service.ts';
import { EXECUTION, ROLLOUT_ID, START_INPUT, START_MS, startedWorld } from '../support/step-world.ts';

describe('a canary that gets no request at all', () => {
  it('is never passed', async () => {
    const result = await quickRun({ traffic: { constant: 0 } });
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0, peakWeightPercent: 10 });
    expect(eventsOf(result)).toContain('canary-inconclusive');
  });
});

describe('a permission that is taken away in the middle', () => {
  it('takes traffic back with the reason, once it may be taken back', async () => {
    const apis = [{ api: 'UpdateAlias', kind: 'deny', from: '5m', for: '20m' }];
    const result = await quickRun({ faults: { apis } });
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0, peakWeightPercent: 10 });
    expect(result.reason.sentence).toMatch(/PermissionError.*UpdateAlias was denied/);
    expect(eventsOf(result)).toContain('rollback-delayed');
  });
});

describe('a lease', () => {
  it('is not lost by time, whatever the clock of the next start says', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    world.advance(30 * 86_400);
    const second = `${EXECUTION}-second`;
    world.executions.begin(second);
    const start = { ...START_INPUT, execution: second, startedAt: new Date(START_MS).toISOString() };
    await expect(startRollout.run(start, world.ports)).rejects.toBeInstanceOf(RejectedError);
    const { targetId } = await world.row();
    expect(await world.ports.store.readFence(targetId)).toMatchObject({ owner: ROLLOUT_ID, mode: 'FORWARD' });
    expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.1 });
  });
});

describe('a step that forgets to say what comes next', () => {
  it('leads to «Roll back»', async () => {
    expect(await statesAfter('judge-canary')).toEqual(['Judge canary', 'Roll back']);
  });

  it('leads there from an open commit as well', async () => {
    expect(await statesAfter('settle-promotion')).toEqual(['Settle promotion', 'Roll back']);
  });
});

/** The states that are entered from the one of a step on, when it answers a document without `next`. */
async function statesAfter(forgetful: 'judge-canary' | 'settle-promotion'): Promise<readonly string[]> {
  const StartAt = forgetful === 'judge-canary' ? 'Judge canary' : 'Settle promotion';
  const definition: Workflow = { ...workflow({ tickSeconds: 60 }), StartAt };
  const entered: string[] = [];
  await inVirtualTime({ startMs: START_MS, seed: 1 }, async () => {
    const { end } = startWorkflow({
      executionArn: EXECUTION,
      startedAt: START_INPUT.startedAt,
      request: { rolloutId: ROLLOUT_ID },
      steps: STEPS as StepTable,
      tokens: memoryTokens(),
      definition,
      invoke: async (_step, _input, state) => {
        entered.push(state);
        return { rolloutId: ROLLOUT_ID, outcome: 'ROLLED_BACK', reason: { sentence: 'it was taken back' } };
      },
    });
    return end;
  });
  return entered;
}
