// The one sentence for people, and the numbers behind it.
import { formatDuration } from '../units.ts';
import type { Reason, VERDICTS } from '../verdict.ts';
import type { Finding } from './findings.ts';
import type { RolloutNames } from './types.ts';

type Kind = (typeof VERDICTS)[number];

const MAX_SENTENCE = 600;
/** From here on people read hours more easily than minutes. */
const LONG_MINUTES = 120;

const OPENINGS: Readonly<Record<Kind, string>> = {
  rollback: 'Rolled back',
  hold: 'Holding',
  inconclusive: 'No verdict on',
  pass: 'No harm seen in',
};

/** `42` → `v42`; a version that has a name keeps it. */
export function versionName(version: string): string {
  return /^\d/.test(version) ? `v${version}` : version;
}

export function reasonFor(kind: Kind, finding: Finding, names: RolloutNames, nowMs: number): Reason {
  const { clause, ...numbers } = finding;
  const minutes = Math.max(0, Math.round((nowMs - names.startedAtMs) / 60_000));
  const age = minutes < LONG_MINUTES ? `${minutes} min` : formatDuration(minutes * 60);
  const subject = `${names.service} ${versionName(names.canaryVersion)}`;
  const sentence = `${OPENINGS[kind]} ${subject} at ${names.weightPercent} % after ${age}: ${clause}`;
  const whole = /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
  return {
    ...numbers,
    sentence: whole.length <= MAX_SENTENCE ? whole : `${whole.slice(0, MAX_SENTENCE - 1)}…`,
  };
}
