// A plan for a person: stages, time and use, cost, and what is not known before the start.
import { MAX_HISTORY_EVENTS } from '../core/budget.ts';
import type { RolloutCost } from '../core/cost.ts';
import type { Plan, PlannedStage } from '../core/plan.ts';
import type { Usage } from '../core/plan-usage.ts';
import { targetLabel } from '../core/targets/index.ts';
import { formatCount, formatDuration, formatPercent } from '../core/units.ts';
import { planCostText } from './plan-cost-text.ts';
import type { ServiceSource } from './service-source.ts';
import { alignColumns } from './table.ts';
import { wrap } from './wrap.ts';

/** Sentences and tables are no wider, so that they can be read beside a file and pasted into a ticket. */
const MAX_COLUMNS = 80;

export interface PlanRemarks {
  readonly cost: RolloutCost;
  /** What this target promises less than others. */
  readonly promises: readonly string[];
  readonly unknown: readonly string[];
}

/** @param columns of the terminal, where there is one */
export function planText(
  { spec, specDigest }: ServiceSource,
  plan: Plan,
  { cost, promises, unknown }: PlanRemarks,
  columns: number = MAX_COLUMNS,
): string {
  const width = Math.min(columns, MAX_COLUMNS);
  return [
    ...titleLines(`${spec.service}  ${targetLabel(spec.target)}  ${specDigest.slice(0, 12)}`, width),
    '',
    ...stageTable(plan, width),
    ...wrap('Promotion follows the last stage.', width),
    '',
    ...usageTable(plan, width),
    '',
    ...planCostText(plan, cost, width),
    '',
    ...wrap(onInconclusiveText(plan, spec.onInconclusive), width),
    ...wrap(deadlineText(plan), width),
    ...(promises.length === 0
      ? []
      : ['', ...wrap('Promised less on this target:', width), ...listText(promises, width)]),
    '',
    ...wrap('Not known before the start:', width),
    ...listText(unknown, width),
  ].join('\n');
}

/** A title that fits is left as it is, with its wide gaps. */
function titleLines(title: string, width: number): readonly string[] {
  return title.length <= width ? [title] : wrap(title, width);
}

function listText(sentences: readonly string[], width: number): readonly string[] {
  return sentences.flatMap((sentence) =>
    wrap(sentence, width - 2).map((line, index) => `${index === 0 ? '-' : ' '} ${line}`),
  );
}

function stageTable({ stages, askSeconds }: Plan, width: number): readonly string[] {
  const isTrafficKnown = stages.some((stage) => stage.canaryRequests !== null);
  const isApproved = stages.some(({ approval }) => approval === true);
  const heading = ['stage', 'weight', 'bake', 'ticks'];
  const rows = stages.map((stage, index) => [
    String(index + 1),
    formatPercent(stage.weightPercent),
    formatDuration(stage.bakeSeconds),
    formatCount(stage.ticks),
    ...(isTrafficKnown ? [formatCount(stage.canaryRequests ?? 0), foundText(stage)] : []),
    ...(isApproved ? [stage.approval === true ? approvalText(askSeconds) : ''] : []),
  ]);
  const more = isTrafficKnown ? ['canary requests', 'finds error rates from'] : [];
  return alignColumns(
    [[...heading, ...more, ...(isApproved ? ['then'] : [])], ...rows],
    ['left', 'right', 'right', 'right', ...more.map(() => 'right' as const), 'left'],
    width,
  );
}

function approvalText(askSeconds: number): string {
  return `waits for approval, up to ${formatDuration(askSeconds)}`;
}

function foundText({ smallestDetectableErrorPercent: smallest }: PlannedStage): string {
  return smallest === null ? 'too few requests' : formatPercent(smallest);
}

function usageTable({ expected, worst }: Plan, width: number): readonly string[] {
  const row = (name: string, pick: (usage: Usage) => string): string[] => [name, pick(expected), pick(worst)];
  return alignColumns(
    [
      ['', 'if all goes well', 'at the most'],
      row('time', ({ seconds }) => formatDuration(seconds)),
      row('ticks', ({ ticks }) => formatCount(ticks)),
      row(`history events of ${formatCount(MAX_HISTORY_EVENTS)}`, ({ historyEvents }) =>
        formatCount(historyEvents),
      ),
    ],
    ['left', 'right', 'right'],
    width,
  );
}

const SECONDS_PER_HOUR = 3600;

function deadlineText({ deadlineSeconds }: Plan): string {
  const about = formatDuration(Math.ceil(deadlineSeconds / SECONDS_PER_HOUR) * SECONDS_PER_HOUR);
  return `Pauses, and questions that people answer late, come on top. What still runs after about ${about} is stopped by the sweeper, and taken back unless its promotion was committed.`;
}

function onInconclusiveText({ askSeconds }: Plan, policy: 'ask' | 'advance' | 'rollback'): string {
  switch (policy) {
    case 'ask':
      return `Not known at the end of a hold: a person is asked; unanswered for ${formatDuration(askSeconds)} it rolls back.`;
    case 'advance':
      return 'Not known at the end of a hold: it advances, and that is recorded.';
    case 'rollback':
      return 'Not known at the end of a hold: it rolls back.';
  }
}
