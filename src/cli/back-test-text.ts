// A back-test as text for a person: the figures that a policy is chosen by, and which rollouts they come from.
import { plainText } from '../core/plain-text.ts';
import { formatCount, formatDuration, formatPercent } from '../core/units.ts';
import type { BackTestScore, Judged, Spread } from '../replay/back-test.ts';
import type { BackTestPair } from './back-test.ts';
import type { CommandContext } from './command.ts';
import { outcomeWord } from './replay-text.ts';
import { alignColumns } from './table.ts';
import { styleOf } from './timeline.ts';
import { wrap } from './wrap.ts';

export interface BackTestTelling {
  readonly folder: string;
  readonly service: string;
  readonly score: BackTestScore;
  readonly whatIfScore: BackTestScore | null;
  /** As they were written. */
  readonly changes: readonly string[];
  readonly pairs: readonly BackTestPair[];
  /** Files that could not be read. */
  readonly broken: number;
}

/** More than these are in the JSON. */
const MAX_NAMED = 20;

export function backTestText(
  telling: BackTestTelling,
  context: Pick<CommandContext, 'hasColour' | 'columns'>,
): string {
  const { folder, service, score, whatIfScore, changes, broken } = telling;
  const { width, columns } = styleOf(context);
  const leftOut = broken === 0 ? '' : `; left out as broken: ${counted(broken, 'file')}`;
  const title = `${service} over ${counted(score.rollouts, 'recorded rollout')} of ${folder}${leftOut}`;
  const scores = whatIfScore === null ? [score] : [score, whatIfScore];
  return [
    ...wrap(plainText(title), width),
    ...(changes.length === 0 ? [] : wrap(plainText(`What if ${changes.join(' and ')}`), width)),
    '',
    ...alignColumns(
      [...(whatIfScore === null ? [] : [['', 'as it is', 'what if']]), ...rowsOf(scores)],
      [],
      columns,
    ),
    ...namedLines(telling, width),
  ].join('\n');
}

interface Row {
  readonly name: string;
  readonly cell: (score: BackTestScore) => string;
  /** Left out where it says nothing. */
  readonly isShown: (score: BackTestScore) => boolean;
}

const hasGood = ({ good }: BackTestScore): boolean => good.rollouts > 0;
const hasBad = ({ bad }: BackTestScore): boolean => bad.rollouts > 0;
const hasUnknown = ({ unknown }: BackTestScore): boolean => unknown.rollouts > 0;

const ROWS: readonly Row[] = [
  { name: 'known good', isShown: hasGood, cell: ({ good }) => formatCount(good.rollouts) },
  {
    name: '  false rollbacks',
    isShown: hasGood,
    cell: ({ good }) => countOf(good.falseRollbacks, good.rollouts),
  },
  {
    name: '  inconclusive',
    isShown: hasGood,
    cell: ({ good }) => countOf(good.inconclusive, good.rollouts),
  },
  { name: 'known bad', isShown: hasBad, cell: ({ bad }) => formatCount(bad.rollouts) },
  { name: '  detected', isShown: hasBad, cell: ({ bad }) => countOf(bad.detected, bad.rollouts) },
  { name: '  missed', isShown: hasBad, cell: ({ bad }) => countOf(bad.missed, bad.rollouts) },
  { name: '  inconclusive', isShown: hasBad, cell: ({ bad }) => countOf(bad.inconclusive, bad.rollouts) },
  {
    name: '  rolled back before the harm',
    isShown: hasBad,
    cell: ({ bad }) => countOf(bad.tooEarly, bad.rollouts),
  },
  { name: '  time to detect', isShown: hasBad, cell: ({ bad }) => spread(bad.detectSeconds, formatDuration) },
  {
    name: '  bad requests',
    isShown: hasBad,
    cell: ({ bad }) =>
      bad.badRequests === null
        ? '–'
        : `${spread(bad.badRequests, formatCount)}, ${formatCount(bad.badRequests.total)} in all`,
  },
  {
    name: 'nobody knows which',
    isShown: hasUnknown,
    cell: ({ unknown }) => formatCount(unknown.rollouts),
  },
  {
    name: '  promoted or passed so far',
    isShown: hasUnknown,
    cell: ({ unknown: { outcomes, rollouts } }) => countOf(outcomes.PROMOTED + outcomes.PASSED, rollouts),
  },
  {
    name: '  rolled back',
    isShown: hasUnknown,
    cell: ({ unknown: { outcomes, rollouts } }) => countOf(outcomes.ROLLED_BACK, rollouts),
  },
  {
    name: '  inconclusive',
    isShown: hasUnknown,
    cell: ({ unknown: { outcomes, rollouts } }) => countOf(outcomes.INCONCLUSIVE, rollouts),
  },
];

function rowsOf(scores: readonly BackTestScore[]): readonly (readonly string[])[] {
  return ROWS.filter(({ isShown }) => scores.some(isShown)).map(({ name, cell }) => [
    name,
    ...scores.map(cell),
  ]);
}

/** «1 file», «2 files». */
function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function countOf(count: number, all: number): string {
  return `${formatCount(count)} (${formatPercent((100 * count) / all)})`;
}

function spread(of: Spread | null, format: (value: number) => string): string {
  return of === null ? '–' : `${format(of.median)} median, ${format(of.p95)} p95`;
}

/** The rollouts that deserve a look. */
function namedLines({ pairs }: BackTestTelling, width: number): readonly string[] {
  const named = (title: string, judged: Judged): readonly string[] =>
    listLines(
      title,
      pairs.filter(({ asIs }) => asIs.judged === judged).map(({ asIs }) => asIs.name),
      width,
    );
  const changed = pairs.flatMap(({ asIs, whatIf }) =>
    whatIf === null || whatIf.outcome === asIs.outcome
      ? []
      : [`${asIs.name}: ${outcomeWord(asIs.outcome)} → ${outcomeWord(whatIf.outcome)}`],
  );
  return [
    ...named('False rollbacks', 'false rollback'),
    ...named('Missed', 'missed'),
    ...listLines('What would change', changed, width),
  ];
}

function listLines(title: string, names: readonly string[], width: number): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length > MAX_NAMED ? [`… and ${names.length - MAX_NAMED} more`] : [];
  return [
    '',
    title,
    ...[...names.slice(0, MAX_NAMED), ...more].flatMap((name) =>
      wrap(plainText(name), width - 2).map((line) => `  ${line}`),
    ),
  ];
}
