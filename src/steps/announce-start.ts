// Tells of a start that went well: who is tried against whom, and which gates were passed although they are shut.
import { rolloutEvent } from '../core/events.ts';
import type { GateResult } from '../core/gates.ts';
import type { Rollout } from '../core/rollout.ts';
import { targetLabel } from '../core/targets/index.ts';
import type { Ports } from '../ports.ts';

/** @param warnings what people should know before they rely on this rollout */
export async function announceStart(
  rollout: Rollout,
  gates: readonly GateResult[],
  warnings: readonly string[],
  { clock, events }: Pick<Ports, 'clock' | 'events'>,
): Promise<void> {
  const nowMs = clock.now();
  const label = targetLabel(rollout.spec.target);
  const waived = gates.filter((gate) => gate.waivedBecause !== null);
  const found = [gatesSentence(gates.length, waived.length), ...warnings].join('; ');
  await events.publish([
    rolloutEvent(
      rollout,
      'rollout-started',
      nowMs,
      `${label}: version ${rollout.canary.version} against ${rollout.stable.version}; ${found}.`,
      {
        stableVersion: rollout.stable.version,
        canaryVersion: rollout.canary.version,
        specDigest: rollout.specDigest,
        gates: gates.length,
      },
    ),
    ...(waived.length === 0
      ? []
      : [
          rolloutEvent(rollout, 'gate-waived', nowMs, waivedSentence(waived), {
            gate: waived.map(({ gate }) => gate).join(', '),
          }),
        ]),
  ]);
}

function gatesSentence(all: number, waived: number): string {
  return waived === 0 ? `all ${all} gates are open` : `${all - waived} gates are open, ${waived} waived`;
}

function waivedSentence(waived: readonly GateResult[]): string {
  return waived.map((gate) => `${gate.finding}; waived: ${gate.waivedBecause}`).join('. ');
}
