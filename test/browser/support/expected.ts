// What each section of a report must say, from what the simulation gave: by core's own formats, not by the renderer's.
import type { RolloutReport } from '../../../src/core/report.ts';
import { cellsOf } from '../../../src/core/report-cells.ts';
import { headlineOf } from '../../../src/core/report-summary.ts';
import { ukTime } from '../../../src/core/uk-time.ts';
import { formatCount, formatPercent } from '../../../src/core/units.ts';
import type { Truth } from './rollouts.ts';

/** In the order in which they stand. */
export const SECTION_NAMES = [
  ...['verdict', 'traffic', 'why', 'checks', 'timeline', 'exposure', 'preflight', 'signals', 'changes'],
  ...['integrity', 'review', 'replay'],
] as const;

type Said = Readonly<Record<string, readonly string[]>>;

/** Texts by section. `truth` is what the command line printed beside the report. */
export function expectedTexts(truth: Truth, report: RolloutReport): Said {
  const { reason, exposure, timeline } = truth;
  const shifts = timeline.flatMap(({ event, weightPercent }) =>
    event === 'traffic-shifted' && typeof weightPercent === 'number' ? [formatPercent(weightPercent)] : [],
  );
  const ends = [truth.startedAt, truth.endedAt].map((at) => ukTime(Date.parse(at)));
  return {
    verdict: [headlineOf(report).what, reason.sentence, ...ends],
    traffic: shifts,
    why: [
      ...(reason.check === null ? [reason.sentence] : []),
      ...report.checks.flatMap((check) => [check.label, cellsOf(check).canary]),
    ],
    checks: report.course.flatMap(({ checks }) =>
      checks.flatMap((check) => [check.label, cellsOf(check).canary]),
    ),
    // a row that repeats an earlier one ends with a link to it
    timeline: timeline.flatMap(({ at, sentence }, index) => [
      ukTime(Date.parse(at)),
      ...(timeline.slice(0, index).some((earlier) => sentence.endsWith(earlier.sentence)) ? [] : [sentence]),
    ]),
    exposure: [
      `Requests on the canary ${formatCount(exposure.canaryRequests)}`,
      `Bad requests ${formatCount(exposure.badRequests)}`,
      `Weight at the end ${formatPercent(truth.finalWeightPercent)}`,
    ],
    preflight: report.gates.map(({ gate }) => gate),
    signals: ['exceptions', ...report.alarmStretches.map(({ name }) => name)],
    changes: [report.service, report.target, report.canaryVersion, report.specDigest],
    integrity: ['S1', 'S21', 'L7', 'stepshift verify --file'],
    review: ['Sign'],
    replay: report.course.some(({ verdict }) => verdict !== null)
      ? ['stepshift replay', '--what-if']
      : ['nothing to decide again'],
  };
}

/** As `shownText` gives it: no line breaks, one space at a time. */
export function asShown(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}
