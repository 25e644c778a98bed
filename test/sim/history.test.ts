// The history of an execution, counted as the service counts it, against the estimate in the document and in the plan.
import { describe, expect, it } from 'vitest';
import { EVENTS_PER_SHIFT, EVENTS_PER_START, EVENTS_PER_TICK } from '../../src/core/budget.ts';
import { planRollout } from '../../src/core/plan.ts';
import type { Ports } from '../../src/ports.ts';
import type { SimulationOptions } from '../../src/sim/simulate.ts';
import { quickRun, quickService } from './quick-service.ts';

const ARN = 'arn:aws:states:eu-west-2:123456789012:execution:stepshift:shop-2';

async function historyOf(run: (options: SimulationOptions) => Promise<{ outcome: string }>) {
  let executions: Ports['executions'] | undefined;
  const { outcome } = await run({
    wrapPorts: (ports) => {
      executions = ports.executions;
      return ports;
    },
  });
  return { outcome, events: await executions?.historyEvents(ARN) };
}

describe('the history of an execution', () => {
  it('is what the budget says, when nothing has to be tried again', async () => {
    const { outcome, events } = await historyOf((options) => quickRun({}, options));
    const commitAndFinish = 2 * 5;
    const end = 3;
    expect(outcome).toBe('PROMOTED');
    expect(events).toBe(
      EVENTS_PER_START + 2 * EVENTS_PER_SHIFT + 10 * EVENTS_PER_TICK + commitAndFinish + end,
    );
  });

  it('grows with every try, by three events for a function', async () => {
    const apis = [{ api: 'GetMetricData', kind: 'throttle', from: '3m', for: '5s' }];
    const smooth = await historyOf((options) => quickRun({}, options));
    const tried = await historyOf((options) => quickRun({ faults: { apis } }, options));
    expect(tried.outcome).toBe('PROMOTED');
    const more = (tried.events ?? 0) - (smooth.events ?? 0);
    expect(more).toBeGreaterThan(0);
    expect(more % 3).toBe(0);
  });

  it('stays below what the plan says at the most, however late people approve', async () => {
    const { spec, ...service } = quickService();
    const asking = {
      ...service,
      spec: { ...spec, stages: spec.stages.map((stage) => ({ ...stage, approval: true })) },
    };
    const people = ['23h', '46h'].map((at) => ({ at, does: 'approve' }));
    const late = { people, horizon: '3d' };
    const { outcome, events } = await historyOf((options) => quickRun(late, options, asking));
    expect(outcome).toBe('PROMOTED');
    expect(events).toBeLessThan(planRollout(asking.spec).worst.historyEvents);
    expect(events).toBeGreaterThan(2 * 200 * EVENTS_PER_TICK);
  });
});
