import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../bench/judge/scenarios/index.ts';
import { traceOf } from '../../bench/judge/traces/rollout.ts';
import type { Scenario } from '../../bench/judge/traces/scenario.ts';
import { stagesOf } from '../../bench/judge/traces/timeline.ts';
import { MessageSchema, type Row } from '../../src/replay/line-protocol.ts';

const SEED = 3;
const EACH = SCENARIOS.map((scenario) => [scenario.name, scenario] as const);

function rowsOf(trace: ReturnType<typeof traceOf>): readonly Row[] {
  return [
    ...trace.start.history,
    ...trace.periods.flatMap(({ stable, canary }) => [{ stable }, { stable: canary }]),
  ]
    .map(({ stable }) => stable)
    .filter((row) => row !== null);
}

describe('the scenarios', () => {
  it('have names of their own', () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  });

  it('cover every class', () => {
    const classes = Map.groupBy(SCENARIOS, (scenario) => scenario.class);
    expect([...classes.keys()].toSorted()).toEqual(['border', 'harm', 'healthy', 'weakness']);
    expect(classes.get('healthy')?.length).toBeGreaterThan(30);
    expect(classes.get('harm')?.length).toBeGreaterThan(40);
  });

  it.each(EACH)('%s is harmful exactly where its class says so', (_name, scenario) => {
    const isHarmful = scenario.class === 'harm' || scenario.class === 'border';
    expect(scenario.harm.length > 0).toBe(isHarmful);
  });

  it.each(EACH.filter(([, scenario]) => scenario.class === 'harm'))(
    '%s goes beyond what Stepshift tolerates',
    (_name, { harm, service }) => {
      for (const each of harm) {
        if (each.kind === 'errors') {
          expect(each.toShare).toBeGreaterThan(Math.max(1.5 * service.errorShare, 0.001));
        }
        if (each.kind === 'latency') expect(each.factor).toBeGreaterThan(1.25);
        if (each.kind === 'kpi') expect(each.lostShare).toBeGreaterThan(0.05);
        if (each.kind === 'kpi') expect(service.conversionShare).not.toBeNull();
      }
    },
  );

  it.each(EACH)('%s makes rollouts that the protocol and arithmetic allow', (_name, scenario) => {
    const trace = traceOf(scenario, SEED, 0);
    for (const message of [trace.start, ...trace.periods, trace.end]) {
      expect(MessageSchema.parse(message)).toEqual(message);
    }
    for (const row of rowsOf(trace)) {
      expect(row.errors).toBeLessThanOrEqual(row.requests);
      expect((row.conversions ?? 0) + row.errors).toBeLessThanOrEqual(row.requests);
      expect(row.coldStarts ?? 0).toBeLessThanOrEqual(row.requests);
      const inBuckets = row.hist?.reduce((sum, count) => sum + count, 0) ?? 0;
      expect(inBuckets).toBe(row.requests);
      if (row.hist !== undefined) expect(row.hist).toHaveLength(trace.start.latencyEdgesMs.length + 1);
      expect(row.p50 ?? 0).toBeLessThanOrEqual(row.p95 ?? 0);
      expect(row.p95 ?? 0).toBeLessThanOrEqual(row.p99 ?? 0);
    }
  });

  it.each(EACH)('%s follows its plan', (_name, scenario: Scenario) => {
    const { periods, start, truth } = traceOf(scenario, SEED, 1);
    const stages = stagesOf(scenario.plan);
    expect(periods.map(({ t }) => t)).toEqual(periods.map((_, i) => i * scenario.periodSec));
    expect(periods.length * scenario.periodSec).toBe(
      stages.reduce((sum, { bakeSeconds }) => sum + bakeSeconds, 0),
    );
    for (const { step, weight } of periods)
      expect(weight * 100).toBeCloseTo(stages[step]?.weightPercent ?? 0, 9);
    expect(start.history.at(0)?.t).toBe(-3600);
    expect(start.history.at(-1)?.t).toBe(-scenario.periodSec);
    expect(truth.bad).toHaveLength(periods.length);
  });
});
