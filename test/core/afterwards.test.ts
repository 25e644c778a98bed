// What is said under an ended rollout: whether traffic is safe, what next, and an article that exists.
import { describe, expect, it } from 'vitest';
import { afterwardsOf } from '../../src/core/afterwards.ts';
import { EVENTS } from '../../src/core/events.ts';
import type { RolloutReport } from '../../src/core/report.ts';
import { OUTCOMES } from '../../src/core/rollout.ts';
import { SAMPLE_REPORT } from '../report/sample-report.ts';

function ending(change: Partial<RolloutReport>) {
  const afterwards = afterwardsOf({ ...SAMPLE_REPORT, ...change });
  if (afterwards === null) throw new Error('it has ended');
  return afterwards;
}

const withoutFailure = SAMPLE_REPORT.timeline.filter(({ event }) => event !== 'canary-failed');

describe('afterwardsOf', () => {
  it('says nothing while a rollout runs', () => {
    expect(afterwardsOf({ ...SAMPLE_REPORT, outcome: null })).toBeNull();
  });

  it.each(OUTCOMES)('of %s names an article that the runbook has', (outcome) => {
    const { article } = ending({ outcome });
    expect([null, ...Object.keys(EVENTS)]).toContain(article);
  });

  it('calls traffic safe only where it was read back on stable', () => {
    const safe = OUTCOMES.filter((outcome) => ending({ outcome }).traffic.startsWith('Safe'));
    expect(safe.toSorted()).toEqual(['ABORTED', 'ROLLED_BACK']);
  });

  it('asks to mend a version only where it was found bad', () => {
    const mend = 'mend version 42';
    expect(ending({ outcome: 'ROLLED_BACK' }).next).toContain(mend);
    const unproven = { outcome: 'ROLLED_BACK' as const, timeline: withoutFailure };
    const reason = SAMPLE_REPORT.reason;
    expect(ending({ ...unproven, reason: { ...reason, check: 'alarms' } }).next).toContain(mend);
    expect(ending({ ...unproven, reason: { ...reason, check: null } }).next).not.toContain(mend);
  });

  it('sends a person to the target while the way back is not done, and not where it never began', () => {
    const outcome = 'ROLLBACK_INCOMPLETE';
    const stuck = ending({ outcome, finalWeightPercent: 25 });
    expect(stuck).toEqual({
      traffic: 'Not known to be safe: 25 % may still reach version 42.',
      next: 'Take it back by hand: stepshift emergency-stop SERVICE_FILE',
      article: 'rollback-delayed',
    });
    const open = ending({ outcome, finalWeightPercent: 25, timeline: SAMPLE_REPORT.timeline.slice(0, 2) });
    expect(open).toMatchObject({ traffic: '25 % is on version 42.', article: null });
  });

  it('names the stable version in words where none was read', () => {
    expect(ending({ outcome: 'ABORTED', stableVersion: null }).traffic).toContain('the stable version');
  });
});
