// Event handler: a CloudWatch alarm changed to ALARM; every active rollout that lists it is interrupted.
import * as z from 'zod';
import { withoutSecrets } from '../core/secrets.ts';
import type { Interrupt } from '../core/signals.ts';
import { plainReason } from '../core/verdict.ts';
import type { Ports, RolloutRow } from '../ports.ts';
import { interruptRollout } from './interrupt-rollout.ts';
import { defineStep } from './step.ts';
import { wakeBake } from './wake-bake.ts';

/** EventBridge may deliver a day late; beyond this age the alarm's present level is asked before it is believed. */
const BELIEVED_FOR_SECONDS = 600;

/** Source: CloudWatch user guide, «Alarm events and EventBridge». Unknown keys are AWS's to add. */
const AlarmEventSchema = z.looseObject({
  detail: z.looseObject({
    alarmName: z.string().min(1),
    state: z.looseObject({
      value: z.string(),
      timestamp: z.string().refine((text) => !Number.isNaN(Date.parse(text)), { error: 'is no instant' }),
      reason: z.string().default('').transform(withoutSecrets),
    }),
  }),
});

export const handleAlarmEvent = defineStep({
  name: 'handle-alarm-event',
  does: 'Interrupts every active rollout that lists the alarm that fired',
  trigger: { kind: 'alarm-event' },
  uses: ['clock', 'store', 'alarms', 'tokens', 'events'],
  input: AlarmEventSchema,
  run: async ({ detail }, ports): Promise<{ interrupted: readonly string[] }> => {
    const { alarmName, state } = detail;
    if (state.value !== 'ALARM') return { interrupted: [] };
    const firedAtMs = Date.parse(state.timestamp);
    const rows = (await ports.store.listActive()).filter((row) => concerns(row, alarmName, firedAtMs));
    if (rows.length === 0 || !(await isBelievable(alarmName, firedAtMs, ports))) return { interrupted: [] };

    // each by itself: one record that cannot be written must not keep the others from being stopped
    const told = await Promise.allSettled(
      rows.map(async (row) => {
        if (isAccepted(row, alarmName)) {
          await wakeBake(row.rolloutId, ports);
          return [];
        }
        const interrupt = alarmInterrupt(row, alarmName, firedAtMs, state.reason, ports);
        return (await interruptRollout(row, interrupt, ports)) === null ? [] : [row.rolloutId];
      }),
    );
    const failed = told.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return { interrupted: told.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])) };
  },
});

/** An event from before the start belongs to an earlier rollout; the gate has read the level since. */
function concerns({ alarms, startedAtMs }: RolloutRow, alarmName: string, firedAtMs: number): boolean {
  return alarms.includes(alarmName) && firedAtMs >= startedAtMs;
}

/** Whether an accepted alarm counts again only a look can find out, and it is taken now: a slow bake may be waiting. */
function isAccepted({ acceptedAlarms }: RolloutRow, alarmName: string): boolean {
  return acceptedAlarms.some(({ name }) => name === alarmName);
}

/** Neither one from long ago, nor one from the future. */
async function isBelievable(
  alarmName: string,
  firedAtMs: number,
  { clock, alarms }: Pick<Ports, 'clock' | 'alarms'>,
): Promise<boolean> {
  if (Math.abs(clock.now() - firedAtMs) <= BELIEVED_FOR_SECONDS * 1000) return true;
  const [reading] = await alarms.read([alarmName]);
  return reading?.state === 'ALARM';
}

function alarmInterrupt(
  row: RolloutRow,
  alarmName: string,
  firedAtMs: number,
  why: string,
  { clock }: Pick<Ports, 'clock'>,
): Interrupt {
  const sentence = `The alarm ${alarmName} fired while ${row.service} version ${row.version} was being tried${why === '' ? '' : `: ${why.slice(0, 300)}`}`;
  return {
    kind: 'alarm',
    source: alarmName,
    atMs: clock.now(),
    causedAtMs: firedAtMs,
    reason: plainReason(sentence, 'alarms'),
  };
}
