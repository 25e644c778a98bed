// What a plan says that a rollout will use, against what simulated rollouts did use: the same workflow, the same steps.
import { describe, expect, it } from 'vitest';
import { metricsPerRead } from '../../src/aws/cloudwatch-metric-source.ts';
import { readScenario } from '../../src/cli/scenario-source.ts';
import type { LatencyBaseline } from '../../src/core/judge/measures.ts';
import { planRollout } from '../../src/core/plan.ts';
import { EXAMPLES_FOLDER, play } from '../scenarios/examples.ts';
import { countedSteps } from '../support/counted-steps.ts';

const BASELINE: LatencyBaseline = { p50Ms: 80, p90Ms: 160, p99Ms: 300, isCounted: true };

async function played(example: string) {
  const counted = countedSteps(['metrics', 'alarms', 'notifier']);
  const { service } = await readScenario(EXAMPLES_FOLDER, example);
  const { result } = await play(example, { steps: counted.steps });
  const { 'sweep-rollouts': _atRest, ...runs } = counted.runs;
  const callsOf = (port: string): number => counted.calls.filter((call) => call.port === port).length;
  return { spec: service.spec, plan: planRollout(service.spec), result, runs, callsOf };
}

describe('a rollout in which all goes well', () => {
  it.each(['healthy', 'alb-healthy', 'real-load-good', 'cold-starts'])(
    '%s uses what was planned',
    async (example) => {
      const { spec, plan, result, runs, callsOf } = await played(example);
      const { expected } = plan;
      expect(result.outcome).toBe('PROMOTED');
      expect(result.stateTransitions).toBe(expected.stateTransitions);
      const planned = expected.functions.map(({ name, invocations }) => [name, invocations]);
      expect(runs).toEqual(Object.fromEntries(planned));
      expect(result.timeline).toHaveLength(expected.events);
      expect(callsOf('notifier')).toBe(expected.events);
      // every look asks for all of its metrics; the two reads before the start ask for fewer
      const looks = callsOf('metrics');
      expect(looks).toBe(expected.ticks + 2);
      expect(expected.metricsRequested).toBe(looks * metricsPerRead(spec, BASELINE));
    },
  );
});

describe('a rollout that has to wait', () => {
  it.each(['approval', 'metrics-late', 'no-traffic', 'cpu-high'])(
    '%s uses more than that, and less than the plan allows',
    async (example) => {
      const { plan, result, runs } = await played(example);
      const { expected, worst } = plan;
      expect(result.stateTransitions).toBeGreaterThan(expected.stateTransitions);
      expect(result.stateTransitions).toBeLessThanOrEqual(worst.stateTransitions);
      const judged = (functions: typeof worst.functions): number =>
        functions.find(({ name }) => name === 'judge-canary')?.invocations ?? 0;
      expect(runs['judge-canary']).toBeGreaterThan(judged(expected.functions));
      expect(runs['judge-canary']).toBeLessThanOrEqual(judged(worst.functions));
      expect(result.timeline.length).toBeLessThanOrEqual(worst.events);
    },
  );
});

describe('alarms', () => {
  it('are read once by the gates and once in every look', async () => {
    const { plan, spec, callsOf } = await played('hotfix-under-alarm');
    expect(spec.checks.alarms.length).toBeGreaterThan(0);
    expect(plan.expected.alarmRequests).toBe(callsOf('alarms'));
  });
});
