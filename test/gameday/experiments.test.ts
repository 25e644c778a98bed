// Every experiment against AWS in memory: it agrees when AWS is as assumed, and disagrees when just that is different.
import { describe, expect, it } from 'vitest';
import type { AnyExperiment, Finding } from '../../gameday/core/experiment.ts';
import { SAMPLE } from '../../gameday/core/names.ts';
import { WARM_UP_MINUTES } from '../../gameday/core/service.ts';
import { EXPERIMENTS } from '../../gameday/experiments/index.ts';
import { StoppedError } from '../../gameday/run/stopped.ts';
import { fakeWorld, type Oddities } from './fake-world.ts';

const OPTIONS = { minutes: 15, account: { id: '123456789012', region: 'eu-west-2' } };

async function play(one: AnyExperiment, differs: Partial<Oddities> = {}): Promise<Finding> {
  const { ports } = fakeWorld(differs);
  const samples: unknown[] = [];
  if (one.needs.includes('traffic')) {
    ports.traffic.drive(SAMPLE, 60);
    await ports.clock.sleep(WARM_UP_MINUTES * 60_000);
  }
  await one.run(ports, (sample) => samples.push(sample), OPTIONS);
  // as they come back from a journal
  return one.judge(JSON.parse(JSON.stringify(samples)));
}

/** Behaviours of versions are played by the simulator (canaries.test.ts); here an engine is told how they end. */
const VERDICTS: Readonly<Record<string, Partial<Oddities>>> = {
  'canary-bad': { verdict: 'ROLLED_BACK' },
  'canary-slow': { verdict: 'ROLLED_BACK' },
};
const NOT_HERE = new Set(['canary-silent']);

const DIFFERENT: Readonly<Record<string, Partial<Oddities>>> = {
  'canary-good': { verdict: 'ROLLED_BACK' },
  'canary-bad': { verdict: 'PROMOTED' },
  'canary-slow': { verdict: 'PROMOTED' },
  'canary-alarm': { stopSeconds: 60 },
  'canary-abort': { stopSeconds: 60 },
  'canary-killed': { guardIsMissing: true },
  'start-by-event': { eventStartsNothing: true },
  'history-events': { extraEventsPerTick: 4 },
  'engine-redeployed': { redeployBreaks: true },
  'period-from-start': { periodsByClock: true },
  'alarm-publishes': { actionsFail: true },
  'alias-description-rotates': { descriptionKeepsRevision: true },
  'alias-stale-revision-refused': { staleRevisionAccepted: true },
  'named-version-stays': { deletesNamedVersions: true },
  'alias-empty-weights': { emptyMapKeepsWeights: true },
  'update-alias-resource-tag': { resourceTagHonoured: true },
  'update-alias-resource': { updateNeedsMore: true },
  'function-survives-stop': { stopKillsFunction: true },
  'deployment-leaves-alias': { deploymentResetsAlias: true },
  'alarm-event-delay': { eventDelayMs: 9_000 },
  'alarm-disabled-actions-emit': { disabledIsSilent: true },
  'alarm-muted-emits': { mutedIsSilent: true },
  'weight-split': { splitOffBy: 1.5 },
  'alias-change-spreads': { aliasSpreadSeconds: 20 },
  'series-while-whole': { versionSeriesAlways: true },
  'series-while-weighted': { noVersionSeries: true },
  'tc-counts': { thresholdCountsAll: true },
  'metric-stamp': { metricsStampedByEnd: true },
  'throttle-series': { throttlesOnVersions: true },
  'get-metric-data-quota': { quotaOfCalls: 12 },
  'metric-arrival': { metricsLateSeconds: 170 },
  'alb-late-modify': { lateModifyRevives: true },
  'alb-duplicate-priority': { priorityTwice: true },
  'alb-rule-spreads': { ruleSpreadSeconds: 75 },
  'alb-cookie': { cookieOutlivesGroup: true },
};

const PLAYED = EXPERIMENTS.filter(({ id }) => !NOT_HERE.has(id));

describe('experiments', () => {
  it.each(PLAYED.map((one) => [one.id, one] as const))(
    '%s agrees when AWS is as assumed',
    async (id, one) => {
      expect(await play(one, VERDICTS[id])).toMatchObject({ verdict: 'agrees' });
    },
  );

  it.each(Object.entries(DIFFERENT))('%s disagrees when %o', async (id, differs) => {
    const one = EXPERIMENTS.find((each) => each.id === id);
    expect(one && (await play(one, differs))).toMatchObject({ verdict: 'disagrees' });
  });

  it.each<[string, Partial<Oddities>]>([
    ['series-while-whole', { metricsLateSeconds: 3600 }],
    ['series-while-weighted', { metricsLateSeconds: 3600 }],
    ['throttle-series', { metricsLateSeconds: 3600 }],
    ['tc-counts', { metricsLateSeconds: 3600 }],
    ['metric-stamp', { metricsLateSeconds: 3600 }],
    ['metric-arrival', { metricsLateSeconds: 3600 }],
    ['period-from-start', { metricsLateSeconds: 3600 }],
    ['alarm-publishes', { actionsAreSilent: true }],
  ])('%s says nothing when %o', async (id, differs) => {
    const one = EXPERIMENTS.find((each) => each.id === id);
    expect(one && (await play(one, differs))).toMatchObject({ verdict: 'unknown' });
  });

  it('a lost event is news, not silence', async () => {
    const one = EXPERIMENTS.find(({ id }) => id === 'alarm-event-delay');
    expect(one && (await play(one, { losesEvents: true }))).toMatchObject({ verdict: 'disagrees' });
  });

  const CUT_SHORT = PLAYED.flatMap((one) => [1, 2, 3].map((sleeps) => [one.id, sleeps, one] as const));
  it.each(CUT_SHORT)(
    '%s leaves nothing behind when the day ends in its sleep %d',
    async (_id, sleeps, one) => {
      const { ports, leftovers } = fakeWorld();
      let slept = 0;
      const sleep = async (ms: number): Promise<void> => {
        if (++slept === sleeps) throw new StoppedError();
        await ports.clock.sleep(ms);
      };
      const run = one.run({ ...ports, clock: { ...ports.clock, sleep } }, () => {}, OPTIONS);
      await run.catch((error: unknown) => expect(error).toBeInstanceOf(StoppedError));
      expect(leftovers()).toEqual([]);
    },
  );

  it('are all shown to fail, but for what has no other answer', () => {
    const without = PLAYED.map(({ id }) => id).filter((id) => !(id in DIFFERENT));
    expect(without).toEqual(['machine-metrics-of-alias']);
  });

  it.each(EXPERIMENTS.map((one) => [one.id, one] as const))(
    '%s says nothing without samples, or with foreign ones',
    (_id, one) => {
      expect(one.judge([]).verdict).toBe('unknown');
      expect(one.judge([{ of: 'another release' }]).verdict).toBe('unknown');
    },
  );
});
