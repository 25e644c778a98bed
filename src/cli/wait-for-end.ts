// Stays with a rollout until it has ended, and tells the outcome: what `watch` and `start --wait` have in common.
import { plainText } from '../core/plain-text.ts';
import type { RolloutReport } from '../core/report.ts';
import { isGoingBack } from '../core/report-summary.ts';
import { afterwardsLines } from './afterwards-text.ts';
import { type CommandContext, type CommandResult, EXIT, type ExitCode } from './command.ts';
import type { Engine } from './engine.ts';
import { type FollowOptions, follow } from './live/follow.ts';
import type { RealTime } from './live/waker.ts';
import { exitCodeOf } from './outcome-exit.ts';
import { adviceOn } from './problems.ts';
import { sideBySideLines } from './side-by-side.ts';
import { headerLines, styleOf, type TimelineStyle } from './timeline.ts';

/** The record decides, not the execution: guard and sweeper may still finish what an ended execution left open. */
export async function waitForEnd(
  engine: Engine,
  rolloutId: string,
  context: CommandContext,
  time: RealTime,
  options: FollowOptions,
): Promise<CommandResult> {
  const end = await follow(engine, rolloutId, context, time, options);
  switch (end.kind) {
    case 'ended':
      return ended(end.standing.report, end.isDrawn, context);
    case 'asked':
      return asked(end.standing.report);
    case 'timed-out':
      return timedOut(rolloutId, end.standing?.report ?? null);
    case 'detached':
      return detached(rolloutId, end.answers);
    case 'refused':
      return refusedStart(engine, rolloutId, options.executionArn ?? '');
  }
}

/** @param isDrawn the checks are on the screen already */
function ended(report: RolloutReport, isDrawn: boolean, context: CommandContext): CommandResult {
  const style = isDrawn ? drawnStyle(context) : styleOf(context);
  const code = report.outcome === null ? EXIT.unexpected : exitCodeOf(report.outcome);
  const sideBySide = isDrawn ? [] : sideBySideLines(report.checks, style.columns);
  return {
    code,
    data: report,
    text: [
      ...headerLines(report, style),
      ...(sideBySide.length === 0 ? [] : ['', ...sideBySide]),
      ...afterwardsLines(report, style, [`report ${report.rolloutId}`]),
      exitLine(code),
    ].join('\n'),
    // the story was streamed as it came
    lines: [report],
  };
}

/** For what stands under a drawn view: the terminal may have another size by now. */
export function drawnStyle({ hasColour, columns, screen }: CommandContext): TimelineStyle {
  const now = screen?.size().columns ?? columns;
  return styleOf({ hasColour, ...(now === undefined ? {} : { columns: now }) });
}

/** Under the lines of `afterwardsLines`, in their columns. */
export function exitLine(code: ExitCode): string {
  return `exit     ${code}`;
}

function asked(report: RolloutReport): CommandResult {
  const id = plainText(report.rolloutId);
  return {
    code: EXIT.waitingForApproval,
    data: report,
    text: [
      `A person is asked: ${plainText(report.timeline.at(-1)?.sentence ?? '')}`,
      `  Let it go on: stepshift approve ${id}`,
      `  Take it back: stepshift abort ${id} -m "why"`,
    ].join('\n'),
    lines: [report],
  };
}

/** On its way back the wait is over too early: nobody knows yet that traffic is safe. */
function timedOut(rolloutId: string, report: RolloutReport | null): CommandResult {
  if (report !== null && isGoingBack(report)) {
    return {
      code: EXIT.rollbackIncomplete,
      data: report,
      text: [
        `${rolloutId} is being taken back, and that is not confirmed yet: ${plainText(report.timeline.at(-1)?.sentence ?? '')}`,
        `  Watch on:             stepshift watch ${rolloutId}`,
        '  Take it back by hand: stepshift emergency-stop SERVICE_FILE',
      ].join('\n'),
      lines: [report],
    };
  }
  return {
    code: EXIT.watchTimedOut,
    data: { rolloutId, outcome: null },
    text: `${rolloutId} is still running. Watch on: stepshift watch ${rolloutId}`,
  };
}

function detached(rolloutId: string, answers: readonly string[]): CommandResult {
  return {
    code: EXIT.detached,
    data: { rolloutId, outcome: null },
    text: [
      ...answers.map((answer) => plainText(answer)),
      'Detached. The rollout goes on.',
      `  Watch it again: stepshift watch ${rolloutId}`,
      `  Stop it:        stepshift abort ${rolloutId} -m "why"`,
    ].join('\n'),
  };
}

/** A start that was refused before it had a record is told by its execution. */
async function refusedStart(engine: Engine, rolloutId: string, executionArn: string): Promise<CommandResult> {
  const { cause } = await engine.readExecution(executionArn);
  const sentence = plainText(cause ?? 'The execution ended without a reason.');
  return {
    code: EXIT.rejected,
    data: { rolloutId, executionArn, outcome: 'REJECTED', reason: { sentence } },
    text: [sentence, ...adviceOn(sentence)].join('\n'),
  };
}
