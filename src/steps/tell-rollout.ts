// The milder signals of people: pause, resume, approve, promote. Latched first, then a bake that waits is woken to look.

import { factsOf } from '../core/audit/facts.ts';
import { ASK_SECONDS } from '../core/budget.ts';
import { stageName } from '../core/decide-tick.ts';
import { InvalidInputError } from '../core/errors.ts';
import { type EventName, rolloutEvent } from '../core/events.ts';
import type { Signal, SignalName, Signals } from '../core/signals.ts';
import { formatDuration } from '../core/units.ts';
import type { Ports, RolloutRow } from '../ports.ts';
import { wakeBake } from './wake-bake.ts';

export type SignalPorts = Pick<Ports, 'clock' | 'store' | 'tokens' | 'events'>;

/** Who asks, and what for. */
export interface Asked {
  readonly actor: string;
  readonly message: string;
  readonly stageIndex?: number | undefined;
}

interface Told {
  readonly state: 'kept' | 'unchanged' | 'past-stopping';
  readonly sentence: string;
}

const UNATTENDED = `it is judged on, and rolled back when nobody resumes it for ${formatDuration(ASK_SECONDS)}`;

const AT_THE_FIRST = 'it goes to that stage and waits there; ';

/** What is told of a signal, and what follows from it. */
const WORDS: Readonly<Record<SignalName, { event: EventName; done: string; follows: string }>> = {
  pause: { event: 'rollout-paused', done: 'Paused', follows: UNATTENDED },
  resume: { event: 'rollout-resumed', done: 'Resumed', follows: 'it goes on as its checks allow' },
  approve: { event: 'stage-approved', done: 'Approved', follows: 'this stage may be left' },
  promote: {
    event: 'promotion-requested',
    done: 'Promotion asked for',
    follows: 'the rest of every bake is skipped; checks have to pass and approvals to be given all the same',
  },
};

/** Precondition: the rollout has not ended. Throws InvalidInputError for an approval of another stage. */
export async function tellRollout(
  row: RolloutRow,
  name: SignalName,
  asked: Asked,
  ports: SignalPorts,
): Promise<Told> {
  if (row.interrupt !== null) return tooLate(`It is to be taken back: ${row.interrupt.reason.sentence}`);
  const stageIndex = asked.stageIndex ?? row.stageIndex;
  if (name === 'approve') assertCurrent(row, stageIndex);
  const idle = await nothingToDo(row, name, ports);
  if (idle !== null) return { state: 'unchanged', sentence: idle };

  const { actor, message } = asked;
  const signal: Signal = { signal: name, actor, message, atMs: ports.clock.now(), stageIndex };
  const standing = await ports.store.signal(row.rolloutId, signal);
  if (standing === null) {
    return tooLate(`Version ${row.version} is being promoted or taken back already; nothing was changed.`);
  }
  const fresh = (await wakeBake(row.rolloutId, ports)) ?? row;
  return { state: 'kept', sentence: await announce(fresh, signal, ports) };
}

function tooLate(sentence: string): Told {
  return { state: 'past-stopping', sentence };
}

/** An approval is for what the person saw: one given for another stage would let through what nobody looked at. */
function assertCurrent({ rolloutId, stageIndex: current }: RolloutRow, stageIndex: number): void {
  if (stageIndex === current) return;
  throw new InvalidInputError([
    {
      code: 'not-the-current-stage',
      what: `${rolloutId} is not at stage ${stageIndex + 1}`,
      where: 'stageIndex',
      got: `stage ${stageIndex + 1}`,
      allowed: current < 0 ? 'none yet: nothing was shifted' : `stage ${current + 1}`,
      fix: 'Look at the stage that it is at now, then approve that one',
    },
  ]);
}

/** Why the signal would change nothing; null when it does. */
async function nothingToDo(
  row: RolloutRow,
  name: SignalName,
  { store }: SignalPorts,
): Promise<string | null> {
  const { paused, promoted, approvals }: Signals = row.signals;
  switch (name) {
    case 'pause':
      return paused === null ? null : `It is paused already, by ${paused.actor}.`;
    case 'resume':
      return paused === null ? 'It is not paused.' : null;
    case 'promote':
      return promoted === null ? null : `That was asked for already, by ${promoted.actor}.`;
    case 'approve': {
      const before = approvals.find(({ stageIndex }) => stageIndex === row.stageIndex);
      if (await hasOpenQuestion(row, before?.atMs ?? null, store)) return null;
      if (before !== undefined) return `This stage was approved already, by ${before.actor}.`;
      return asksForApproval(row)
        ? null
        : 'There is nothing to approve: this stage is left as soon as its checks pass.';
    }
  }
}

function asksForApproval({ rollout, stageIndex }: RolloutRow): boolean {
  return rollout?.spec.stages[stageIndex]?.approval === true;
}

/**
 * The newest look at this stage could not tell, knew of no other approval than that one, and the service file says to
 * ask then.
 */
async function hasOpenQuestion(
  row: RolloutRow,
  approvedAtMs: number | null,
  store: Ports['store'],
): Promise<boolean> {
  if (row.rollout?.spec.onInconclusive !== 'ask') return false;
  const newest = factsOf(await store.readAudit(row.rolloutId), 'judged').at(-1);
  if (newest?.stageIndex !== row.stageIndex || newest.verdict.kind !== 'inconclusive') return false;
  const known = newest.signals.approvals.find(({ stageIndex }) => stageIndex === row.stageIndex);
  return approvedAtMs === null || known?.atMs === approvedAtMs;
}

/** `row`: read after the signal was kept, since a shift may have been authorised right before it. */
async function announce(row: RolloutRow, signal: Signal, { events }: SignalPorts): Promise<string> {
  const { event, done, follows } = WORDS[signal.signal];
  const { actor, message, atMs } = signal;
  const isAhead = signal.signal === 'pause' && row.stageIndex < 0;
  const index = signal.signal === 'approve' ? signal.stageIndex : row.stageIndex;
  const stage = row.rollout?.spec.stages[index];
  const where =
    stage === undefined
      ? 'before its first stage'
      : `at ${stageName({ stage: { index, weightPercent: stage.weightPercent } })}`;
  const why = message === '' ? '' : `, «${message}»`;
  const sentence = `${done} by ${actor} ${where}${why}: ${isAhead ? AT_THE_FIRST : ''}${follows}.`;
  await events.publish([
    rolloutEvent({ rolloutId: row.rolloutId, spec: { service: row.service } }, event, atMs, sentence, {
      actor,
      weightPercent: stage?.weightPercent ?? 0,
    }),
  ]);
  return sentence;
}
