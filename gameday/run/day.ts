// Plays a day: builds, warms up, takes every experiment in turn, and removes everything whatever happened.
import { messageOf } from '../../src/core/errors.ts';
import type { AnyExperiment, DayOptions } from '../core/experiment.ts';
import { type Journal, type JournalLine, withLine } from '../core/journal.ts';
import { SAMPLE } from '../core/names.ts';
import type { DayPlan } from '../core/plan.ts';
import { REQUESTS_PER_MINUTE, WARM_UP_MINUTES } from '../core/service.ts';
import type { Ports } from '../ports.ts';
import { isFatal, isPassing } from './stopped.ts';

export interface DayParts {
  readonly plan: DayPlan;
  readonly options: DayOptions;
  readonly ports: Ports;
  /** What was played before; a day that goes on leaves out what is done. */
  readonly journal: Journal;
  /** Durable before the day goes on. */
  readonly append: (line: JournalLine) => void;
  readonly build: () => Promise<void>;
  /** Answers what is left. Never throws. */
  readonly clear: () => Promise<readonly string[]>;
  readonly remark: (line: string) => void;
}

export interface DayEnd {
  readonly journal: Journal;
  readonly leftOver: readonly string[];
  /** What ended the day early; null when it was played to its end. */
  readonly broken: unknown;
}

const ATTEMPTS = 3;
const PAUSE_MS = 30_000;

export async function playDay(parts: DayParts): Promise<DayEnd> {
  let journal = parts.journal;
  const note = (line: JournalLine): void => {
    parts.append(line);
    journal = withLine(journal, line);
  };
  let broken: unknown = null;
  const open = parts.plan.experiments.filter(({ id }) => journal.played.get(id)?.state !== 'done');
  try {
    if (open.length > 0) {
      parts.remark('Deploying …');
      await parts.build();
      await playAll(open, parts, note);
    }
  } catch (error) {
    broken = error;
    parts.remark(`The day is over: ${messageOf(error)}`);
  }
  await stopTraffic(parts);
  const leftOver = await parts.clear();
  return { journal, leftOver, broken };
}

async function stopTraffic({ ports, remark }: DayParts): Promise<void> {
  try {
    await ports.traffic.stop();
  } catch (error) {
    remark(`Traffic did not stop by itself: ${messageOf(error)}`);
  }
}

async function playAll(
  experiments: readonly AnyExperiment[],
  parts: DayParts,
  note: (line: JournalLine) => void,
): Promise<void> {
  let isWarm = false;
  for (const one of experiments) {
    if (one.needs.includes('traffic') && !isWarm) {
      await warmUp(parts);
      isWarm = true;
    }
    await playOne(one, parts, note);
  }
}

/** Rollouts look at stable's last hour: without requests there is nothing to compare with. */
async function warmUp({ ports, remark }: DayParts): Promise<void> {
  remark(
    `Traffic of ${REQUESTS_PER_MINUTE} requests a minute for ${WARM_UP_MINUTES} minutes before the first rollout …`,
  );
  ports.traffic.drive(SAMPLE, REQUESTS_PER_MINUTE);
  await ports.clock.sleep(WARM_UP_MINUTES * 60_000);
}

/** Throws only what ends the day. */
async function playOne(
  { id, run, minutes, question }: AnyExperiment,
  { ports, options, remark }: DayParts,
  note: (line: JournalLine) => void,
): Promise<void> {
  const { nowMs, sleep } = ports.clock;
  remark(`${id} (about ${Math.ceil(minutes(options))} min): ${question}`);
  for (let attempt = 1; ; attempt++) {
    note({ kind: 'begun', id, atMs: nowMs() });
    try {
      await run(ports, (sample) => note({ kind: 'sample', id, sample }), options);
      note({ kind: 'done', id, atMs: nowMs() });
      return;
    } catch (error) {
      note({ kind: 'failed', id, atMs: nowMs(), error: messageOf(error).slice(0, 500) });
      if (isFatal(error)) throw error;
      remark(`${id} failed: ${messageOf(error)}`);
      if (!isPassing(error) || attempt >= ATTEMPTS) return;
      await sleep(PAUSE_MS);
    }
  }
}
