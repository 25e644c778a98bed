// Alarms that fired already at the start and that a person accepted, to release the fix for what they tell of: as long
// as such an alarm stays in ALARM it says nothing about the canary. The other checks compare with stable as ever.
import type { AlarmReading } from './judge/types.ts';
import type { AcceptedAlarm, Rollout } from './rollout.ts';

/** Of those that a person accepts, the ones that fire. The others count from the start. */
export function firingOf(
  accepted: readonly AcceptedAlarm[],
  readings: readonly AlarmReading[],
): readonly AcceptedAlarm[] {
  return accepted.filter(({ name }) => stateOf(name, readings) === 'ALARM');
}

/**
 * What an alarm was accepted for is over once it was seen to be quiet, and from then on it counts again.
 * `counted`: the readings that the judge gets.
 */
export function countAlarms(
  rollout: Rollout,
  readings: readonly AlarmReading[],
): { readonly rollout: Rollout; readonly counted: readonly AlarmReading[] } {
  const acceptedAlarms = rollout.acceptedAlarms.filter(({ name }) => stateOf(name, readings) !== 'OK');
  const names = acceptedAlarms.map(({ name }) => name);
  return {
    rollout: { ...rollout, acceptedAlarms },
    counted: readings.filter(({ name, state }) => state !== 'ALARM' || !names.includes(name)),
  };
}

function stateOf(name: string, readings: readonly AlarmReading[]): AlarmReading['state'] | undefined {
  return readings.find((reading) => reading.name === name)?.state;
}
