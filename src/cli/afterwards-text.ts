// The last lines under an ended rollout: is traffic safe, what to do next, where to read on.
import { afterwardsOf } from '../core/afterwards.ts';
import { plainText } from '../core/plain-text.ts';
import type { RolloutReport } from '../core/report.ts';
import { runbookArticle } from '../core/runbook.ts';
import { shellLines } from './shell-lines.ts';
import type { TimelineStyle } from './timeline.ts';
import { wrap } from './wrap.ts';

const LABEL_COLUMNS = 9;
const MIN_COLUMNS = 24;

/**
 * Begins with an empty line; nothing while the rollout runs.
 * @param commands to copy, without the program's name
 */
export function afterwardsLines(
  report: RolloutReport,
  { width, columns }: Pick<TimelineStyle, 'width' | 'columns'>,
  commands: readonly string[],
): readonly string[] {
  const afterwards = afterwardsOf(report);
  if (afterwards === null) return [];
  const { traffic, next, article } = afterwards;
  const labelled = (label: string, text: string): readonly string[] =>
    wrap(plainText(text), Math.max(MIN_COLUMNS, width - LABEL_COLUMNS)).map(
      (line, index) => `${(index === 0 ? label : '').padEnd(LABEL_COLUMNS)}${line}`,
    );
  return [
    '',
    ...labelled('traffic', traffic),
    ...labelled('next', next),
    ...(article === null ? [] : labelled('', runbookArticle(article))),
    ...commands.flatMap((command) =>
      shellLines(
        `stepshift ${plainText(command)}`,
        columns ?? Number.POSITIVE_INFINITY,
        ' '.repeat(LABEL_COLUMNS),
      ),
    ),
  ];
}
