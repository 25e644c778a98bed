// Follows a started rollout until it has ended: tells each new event, then the outcome.
import { plainText } from '../core/plain-text.ts';
import { timelineOf } from '../core/timeline.ts';
import { type CommandContext, type CommandResult, EXIT } from './command.ts';
import type { Engine } from './engine.ts';
import { exitCodeOf } from './outcome-exit.ts';
import { readReport, reportText } from './rollout-view.ts';
import { styleOf, timelineLines } from './timeline.ts';

export interface WaitWays {
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
}

interface Started {
  readonly rolloutId: string;
  readonly executionArn: string;
}

const POLL_MS = 5000;

/**
 * The record decides, not the execution: guard and sweeper may still finish what an ended execution left open. Only a
 * start that was refused before it had a record is told by its execution.
 */
export async function waitForEnd(
  engine: Engine,
  started: Started,
  context: CommandContext,
  { sleep, now }: WaitWays,
  timeoutSeconds = Number.POSITIVE_INFINITY,
): Promise<CommandResult> {
  const endsAtMs = now() + timeoutSeconds * 1000;
  let told = 0;
  for (;;) {
    told = await tellNews(engine, started.rolloutId, told, context);
    const end = await endOf(engine, started, context);
    if (end !== null) {
      await tellNews(engine, started.rolloutId, told, context);
      return end;
    }
    if (now() >= endsAtMs) return stillRunning(started);
    await sleep(POLL_MS);
  }
}

/** Answers how many events have been told by now. */
async function tellNews(
  { store }: Engine,
  rolloutId: string,
  told: number,
  context: CommandContext,
): Promise<number> {
  const entries = timelineOf(await store.readEvents(rolloutId));
  for (const line of timelineLines(entries.slice(told), styleOf(context))) context.remark(line);
  return entries.length;
}

async function endOf(
  engine: Engine,
  started: Started,
  context: CommandContext,
): Promise<CommandResult | null> {
  const row = await engine.store.readRow(started.rolloutId);
  if (row === null) return refusedStart(engine, started);
  if (row.outcome === null) return null;
  const report = await readReport(engine.store, row);
  return {
    code: exitCodeOf(row.outcome),
    data: report,
    text: reportText(report, row, styleOf(context)),
    lines: [...report.timeline, report],
  };
}

/** null while nothing is known yet. */
async function refusedStart(
  engine: Engine,
  { rolloutId, executionArn }: Started,
): Promise<CommandResult | null> {
  const { isRunning, cause } = await engine.readExecution(executionArn);
  if (isRunning) return null;
  const sentence = plainText(cause ?? 'The execution ended without a reason.');
  return {
    code: EXIT.rejected,
    data: { rolloutId, executionArn, outcome: 'REJECTED', reason: { sentence } },
    text: sentence,
  };
}

function stillRunning(started: Started): CommandResult {
  return {
    code: EXIT.watchTimedOut,
    data: { ...started, outcome: null },
    text: `${started.rolloutId} is still running. See it: stepshift status ${started.rolloutId}`,
  };
}
