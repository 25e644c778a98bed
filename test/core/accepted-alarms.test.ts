// An accepted alarm is silent only while it fires as it did at the start.
import { describe, expect, it } from 'vitest';
import { countAlarms, firingOf } from '../../src/core/accepted-alarms.ts';
import type { AlarmReading } from '../../src/core/judge/types.ts';
import { rolloutDocument } from '../support/rollout-fixtures.ts';

const ACCEPTED = [{ name: 'Checkout5xx', reason: 'This release mends it.' }];

function reading(state: AlarmReading['state'], name = 'Checkout5xx'): AlarmReading {
  return { name, state, reason: '', updatedAtMs: null };
}

describe('an accepted alarm', () => {
  it.each([
    ['ALARM', true],
    ['OK', false],
    ['INSUFFICIENT_DATA', false],
    ['MISSING', false],
  ] as const)('that is in %s at the start is accepted: %s', (state, isAccepted) => {
    expect(firingOf(ACCEPTED, [reading(state)])).toEqual(isAccepted ? ACCEPTED : []);
  });

  it.each([
    { state: 'ALARM', isCounted: false, staysAccepted: true },
    { state: 'OK', isCounted: true, staysAccepted: false },
    { state: 'INSUFFICIENT_DATA', isCounted: true, staysAccepted: true },
  ] as const)('in $state: counted $isCounted, still accepted $staysAccepted', (row) => {
    const rollout = { ...rolloutDocument('r1'), acceptedAlarms: ACCEPTED };
    const other = reading('ALARM', 'CheckoutSlow');
    const { counted, rollout: after } = countAlarms(rollout, [reading(row.state), other]);
    expect(counted).toEqual(row.isCounted ? [reading(row.state), other] : [other]);
    expect(after.acceptedAlarms).toEqual(row.staysAccepted ? ACCEPTED : []);
  });
});
