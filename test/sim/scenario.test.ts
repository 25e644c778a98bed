import { describe, expect, it } from 'vitest';
import { parseBySchema } from '../../src/core/zod-problems.ts';
import { ScenarioSchema } from '../../src/sim/scenario.ts';

const MINIMAL = { description: 'x', version: '2', traffic: { constant: 60 } };

function problemsOf(more: Readonly<Record<string, unknown>>): readonly string[] {
  const { problems } = parseBySchema(ScenarioSchema, { ...MINIMAL, ...more });
  return (problems ?? []).map(({ where }) => where);
}

describe('a scenario', () => {
  it('needs only what happens, a version and the traffic', () => {
    expect(problemsOf({})).toEqual([]);
  });

  it('counts durations in seconds and shares in percent', () => {
    const scenario = ScenarioSchema.parse({
      ...MINIMAL,
      canary: { errors: '5%' },
      people: [{ at: '1m30s', does: 'abort' }],
    });
    expect(scenario.canary.errors).toBe(5);
    expect(scenario.people[0]?.at).toBe(90);
  });

  it('keeps the unit of a custom metric, so that a rate and a gauge can be told apart', () => {
    const { canary } = ScenarioSchema.parse({
      ...MINIMAL,
      canary: { metrics: { conversion: '3.2%', cpu: 45 }, changes: [{ metrics: { cpu: 80 } }] },
    });
    expect(canary.metrics).toEqual({ conversion: { percent: 3.2 }, cpu: 45 });
    expect(canary.changes[0]?.metrics).toEqual({ cpu: 80 });
  });

  it('counts cold starts and a tail in percent, milliseconds and seconds', () => {
    const { canary } = ScenarioSchema.parse({
      ...MINIMAL,
      canary: {
        coldStarts: { share: '30%', slower: '900ms', for: '3m' },
        tail: { share: '2%', slower: '2s' },
        throttles: '4%',
      },
    });
    expect(canary).toMatchObject({
      coldStarts: { share: 30, slower: 900, for: 180 },
      tail: { share: 2, slower: 2000 },
      throttles: 4,
    });
  });

  it.each([
    ['an unknown key', { trafic: 1 }, 'trafic'],
    ['a negative rate', { traffic: { constant: -1 } }, 'traffic.constant'],
    ['no traffic', { traffic: {} }, 'traffic'],
    ['two kinds of traffic', { traffic: { constant: 1, series: { file: 'a.csv', mean: 1 } } }, 'traffic'],
    ['a share above 100%', { canary: { errors: '101%' } }, 'canary.errors'],
    ['shares above 100% together', { canary: { errors: '60%', http500: '60%' } }, 'canary'],
    [
      'such shares in a change',
      { canary: { errors: '60%', changes: [{ hang: '50%' }] } },
      'canary.changes[0]',
    ],
    ['a p95 below p50', { stable: { p50: '100ms', p95: '90ms' } }, 'stable'],
    [
      'cold starts of no length',
      { canary: { coldStarts: { share: '1%', slower: '1s', for: '0s' } } },
      'canary.coldStarts.for',
    ],
    ['a tail without its share', { canary: { tail: { slower: '1s' } } }, 'canary.tail.share'],
    ['a custom metric that is a word', { canary: { metrics: { cpu: 'high' } } }, 'canary.metrics.cpu'],
    ['a custom metric that is a list', { stable: { metrics: { cpu: [1] } } }, 'stable.metrics.cpu'],
    [
      'a custom rate above 100%',
      { canary: { metrics: { conversion: '101%' } } },
      'canary.metrics.conversion',
    ],
    ['more throttles than attempts', { canary: { throttles: '101%' } }, 'canary.throttles'],
    ['a bare number for a duration', { metrics: { lateness: 60 } }, 'metrics.lateness'],
    ['lateness past the horizon', { horizon: '1h', metrics: { lateness: '2h' } }, 'metrics.lateness'],
    ['a person past the horizon', { horizon: '1h', people: [{ at: '1h', does: 'abort' }] }, 'people[0].at'],
    [
      'an alarm past the horizon',
      { alarms: [{ name: 'A', changes: [{ at: '31h', to: 'OK' }] }] },
      'alarms[0].changes[0].at',
    ],
    ['a fault past the horizon', { faults: { store: [{ from: '13d' }] } }, 'faults.store[0].from'],
    ['a window of no length', { incidents: [{ for: '0s', errors: '1%' }] }, 'incidents[0].for'],
    ['a horizon of no length', { horizon: '0s' }, 'horizon'],
    ['an alarm described twice', { alarms: [{ name: 'A' }, { name: 'A' }] }, 'alarms[1].name'],
    [
      'a hotfix that takes part',
      { people: [{ at: '1m', does: 'hotfix', version: '2' }] },
      'people[0].version',
    ],
    ['a start that is no instant', { start: 'yesterday' }, 'start'],
    ['a start before 1970', { start: '1969-12-31T23:59:59Z' }, 'start'],
    ['a start after 2100', { start: '2101-01-01T00:00:00Z' }, 'start'],
    ['a version that is no text', { version: 2 }, 'version'],
    ['a seed that is no whole number', { seed: 1.5 }, 'seed'],
  ])('is refused at its place for %s', (_what, more, where) => {
    expect(problemsOf(more)).toEqual([where]);
  });

  it('tells a mistake of stable once, although the canary takes it over', () => {
    expect(problemsOf({ stable: { errors: '60%', hang: '60%' } })).toEqual(['stable']);
  });
});
