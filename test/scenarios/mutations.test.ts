// The golden timelines can fail: a system without its judge, or without its way back, does not pass them.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LiveTraffic } from '../../src/core/live-traffic.ts';
import type { Outcome } from '../../src/core/rollout.ts';
import { plainReason } from '../../src/core/verdict.ts';
import type { Ports, TrafficRouter } from '../../src/ports.ts';
import type { SimulationOptions } from '../../src/sim/simulate.ts';
import { judgeCanary } from '../../src/steps/judge-canary.ts';
import { EXAMPLE_NAMES, goldenFile, play } from './examples.ts';

/** Judges as ever, then says pass whatever came out; stages still bake for their time. */
const blindJudge: typeof judgeCanary = {
  ...judgeCanary,
  run: async (rollout, ports) => {
    const judged = await judgeCanary.run(rollout, {
      ...ports,
      events: { publish: async () => {} },
    });
    const { index, enteredAtMs } = rollout.stage;
    const bakeMs = (rollout.spec.stages[index]?.bakeSeconds ?? 0) * 1000;
    const isOver = ports.clock.now() - (enteredAtMs ?? 0) >= bakeMs;
    const isLast = index === rollout.spec.stages.length - 1;
    const verdict = { kind: 'pass' as const, reason: plainReason('pass'), checks: [], alerts: [] };
    const onward = isLast ? ('commit-promotion' as const) : ('shift-traffic' as const);
    return { ...judged, verdict, reason: null, next: isOver ? onward : 'bake' };
  },
};

/** Says that everything is back on stable and does nothing. */
function withoutWayBack(ports: Ports): Ports {
  const lie: LiveTraffic = { canaryPercent: 0, stablePercent: 100, strangers: [], writtenBy: null };
  const routers = Object.fromEntries(
    Object.entries(ports.routers).map(([kind, router]): [string, TrafficRouter] => [
      kind,
      { ...router, restore: async () => ({ found: lie, live: lie }) },
    ]),
  );
  return { ...ports, routers: routers as Ports['routers'] };
}

async function unchangedBy(options: SimulationOptions, names: readonly string[]): Promise<readonly string[]> {
  const unchanged: string[] = [];
  for (const name of names) {
    const { text } = await play(name, options);
    if (text === golden(name)) unchanged.push(name);
  }
  return unchanged;
}

function golden(name: string): string {
  return readFileSync(goldenFile(name), 'utf8');
}

/** Whose golden timeline ends so: that is what its last line begins with. */
function endedIn(outcomes: readonly Outcome[]): readonly string[] {
  return EXAMPLE_NAMES.filter((name) => {
    const end = golden(name).trimEnd().split('\n').at(-1) ?? '';
    return outcomes.some((outcome) => end.startsWith(`${outcome} `));
  });
}

/** Whether a person answers is nothing that these lies change, and a day of waiting takes long to play. */
const ASKS_FOR_A_DAY: readonly string[] = ['approval-unanswered', 'low-traffic', 'no-traffic', 'cpu-high'];

describe('golden timelines', () => {
  it('differ for every canary that was judged bad when the judge is stubbed to pass', async () => {
    const judgedBad = ['error-spike', 'http-500-caught', 'latency', 'slow-leak', 'real-load-bad'];
    expect(await unchangedBy({ steps: { 'judge-canary': blindJudge } }, judgedBad)).toEqual([]);
  });

  it('differ for every rollout that was taken back when the write of the rollback is left out', async () => {
    const takenBack = endedIn(['ROLLED_BACK', 'ABORTED']).filter((name) => !ASKS_FOR_A_DAY.includes(name));
    expect(takenBack.length).toBeGreaterThanOrEqual(10);
    expect(await unchangedBy({ wrapPorts: withoutWayBack }, takenBack)).toEqual([]);
  });

  it('show a way back that was left out as incomplete, because the canary still has traffic', async () => {
    const { result } = await play('error-spike', { wrapPorts: withoutWayBack });
    expect(result.outcome).toBe('ROLLBACK_INCOMPLETE');
    expect(result.finalWeightPercent).toBe(5);
  });
});
