// The counted share against the configured one: off by a factor of two and by chance impossible, or no doubt at all.
import { describe, expect, it } from 'vitest';
import type { Period } from '../../src/core/judge/types.ts';
import { shareDoubt } from '../../src/core/observed-share.ts';
import { seededRandom } from '../support/random.ts';
import { counts } from '../support/rollout-fixtures.ts';
import { START_MS, sampleRollout } from '../support/step-world.ts';

const MINUTE_MS = 60_000;
/** A period is settled two and a half minutes after its end. */
const LATER_MS = START_MS + 10 * MINUTE_MS;

function atWeight(weightPercent: number) {
  const sample = sampleRollout();
  return { window: sample.window, stage: { ...sample.stage, weightPercent } };
}

function period(weightPercent: number, stable: number, canary: number, minute = 0): Period {
  return {
    startMs: START_MS + minute * MINUTE_MS,
    seconds: 60,
    weightPercent,
    stable: counts(stable, 0),
    canary: counts(canary, 0),
  };
}

/** The canary reported nothing. */
function silent(weightPercent: number, stable: number): Period {
  return { ...period(weightPercent, stable, 0), canary: null };
}

function isDoubted(weightPercent: number, stable: number, canary: number): boolean {
  return shareDoubt(atWeight(weightPercent), [period(weightPercent, stable, canary)], LATER_MS) !== null;
}

describe('the observed share', () => {
  it.each([
    ['what is configured', 5, 9500, 500, false],
    ['nearly twice as much', 5, 9010, 990, false],
    ['more than twice as much', 5, 8900, 1100, true],
    ['less than half', 5, 9800, 200, true],
    ['more than half', 5, 9740, 260, false],
    ['nothing of many', 5, 10_000, 0, true],
    ['nothing of few, which chance can do', 5, 300, 0, false],
    ['four of forty, which chance can do', 5, 36, 4, false],
    ['two of ten where a tenth of one is due, which chance can do', 1, 8, 2, false],
    ['at 95 % the old version still has a quarter', 95, 2500, 7500, true],
    ['at 95 % the old version has nothing', 95, 0, 10_000, true],
    ['at 95 % the old version has its 5 %', 95, 500, 9500, false],
    ['at 50 % the canary has a fifth', 50, 8000, 2000, true],
    ['at 50 % the canary has a third', 50, 6700, 3300, false],
    ['at 100 % a few requests were on their way', 100, 30, 9970, false],
    ['at 100 % the old version still has a tenth', 100, 1000, 9000, true],
    // twice its share of 50 % is all there is: only the other side can tell
    ['at 50 % nearly nothing is left for the old version', 50, 50, 9950, true],
    ['at 100 % nothing is on its way any more', 100, 0, 100_000, false],
    ['at 99.9 % the old version has its tenth of a percent', 99.9, 100, 99_900, false],
    ['at 0.1 % the canary has its tenth of a percent', 0.1, 99_900, 100, false],
    ['at 0.1 % the canary has nearly a whole percent', 0.1, 99_200, 800, true],
    ['no requests at all', 5, 0, 0, false],
  ])('%s', (_what, weight, stable, canary, doubted) => {
    expect(isDoubted(weight, stable, canary)).toBe(doubted);
  });

  it('is told with what came and what is configured', () => {
    const doubt = shareDoubt(atWeight(95), [period(95, 2500, 7500)], LATER_MS);
    expect(doubt).toBe(
      'The new version got 75 % of 10,000 requests, and 95 % is configured: the target does not do yet what it says.',
    );
  });

  it('is taken over several periods', () => {
    const rollout = atWeight(5);
    const few = [0, 1, 2, 3].map((minute) => period(5, 200, 0, minute));
    expect(shareDoubt(rollout, few.slice(0, 1), LATER_MS)).toBeNull();
    expect(shareDoubt(rollout, few, LATER_MS)).not.toBeNull();
  });

  it('counts the minutes in which hardly anybody called: without them a thin canary would get too much', () => {
    const rollout = atWeight(1);
    const thin = [0, 1, 2, 3, 4, 5].map((minute) => period(1, 20, minute % 3, minute));
    const heard = thin.map((one) => (one.canary?.requests === 0 ? { ...one, canary: null } : one));
    expect(
      shareDoubt(rollout, [...heard, ...Array.from({ length: 25 }, () => silent(1, 20))], LATER_MS),
    ).toBeNull();
  });

  it.each([1, 5, 50, 95, 99])(
    'is never doubted by chance at %d %%, however thin the traffic is',
    (weight) => {
      const random = seededRandom(weight);
      const some = (mean: number) => {
        const requests = random.poisson(mean);
        return requests === 0 ? null : counts(requests, 0);
      };
      for (const perMinute of [0.5, 2, 5, 20, 100]) {
        for (let run = 0; run < 200; run += 1) {
          const window = Array.from({ length: 20 }, () => ({
            ...period(weight, 0, 0),
            stable: some((perMinute * (100 - weight)) / 100),
            canary: some((perMinute * weight) / 100),
          }));
          expect(shareDoubt(atWeight(weight), window, LATER_MS)).toBeNull();
        }
      }
    },
  );

  // passed over, not counted as none: that would doubt every healthy share, and hide one that is too large
  describe.each<['canary' | 'stable']>([['canary'], ['stable']])(
    'where the metrics of %s are lost for a while',
    (side) => {
      const lost = (weight: number, percent: number) =>
        Array.from({ length: 3 }, (_, minute) => {
          const known = period(weight, 60 * (100 - percent), 60 * percent, minute);
          return minute === 0 ? known : { ...known, [side]: null };
        });

      it.each([5, 25, 50, 95])('does not doubt a healthy share of %d %%', (weight) => {
        expect(shareDoubt(atWeight(weight), lost(weight, weight), LATER_MS)).toBeNull();
      });

      it.each([
        [5, 15],
        [25, 60],
        [50, 20],
        [95, 85],
      ])('doubts at %d %% when it is %d %%', (weight, percent) => {
        expect(shareDoubt(atWeight(weight), lost(weight, percent), LATER_MS)).not.toBeNull();
      });
    },
  );

  it('doubts a share of nothing that only many thin minutes together show', () => {
    const thin = Array.from({ length: 10 }, () => silent(25, 25));
    expect(shareDoubt(atWeight(25), thin.slice(0, 3), LATER_MS)).toBeNull();
    expect(shareDoubt(atWeight(25), thin, LATER_MS)).toContain('got 0 % of 250 requests');
  });

  it('counts minutes with none where chance can leave a version without requests, and only there', () => {
    const rollout = atWeight(5);
    const seen = [period(5, 950, 50)];
    const silentMinutes = (stable: number) => Array.from({ length: 30 }, () => silent(5, stable));
    // 9.9 requests were due in each
    expect(shareDoubt(rollout, [...seen, ...silentMinutes(188)], LATER_MS)).not.toBeNull();
    // 10 were
    expect(shareDoubt(rollout, [...seen, ...silentMinutes(190)], LATER_MS)).toBeNull();
  });

  it.each<[string, Partial<Period>, number]>([
    ['at another weight', { weightPercent: 50 }, LATER_MS],
    ['in which the weight changed', { endWeightPercent: 50 }, LATER_MS],
    ['from before the stage', { startMs: START_MS - MINUTE_MS }, LATER_MS],
    ['that may still change', {}, START_MS + 2 * MINUTE_MS],
    ['of which one version is not known', { canary: null }, LATER_MS],
    ['of which the other is not known', { stable: null }, LATER_MS],
  ])('says nothing of a period %s', (_what, change, nowMs) => {
    const off = { ...period(5, 5000, 5000), ...change };
    expect(shareDoubt(atWeight(5), [off], nowMs)).toBeNull();
    expect(shareDoubt(atWeight(5), [period(5, 5000, 5000)], LATER_MS)).not.toBeNull();
  });
});
