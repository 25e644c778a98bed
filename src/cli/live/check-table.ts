// The checks as a table that is as wide as the terminal allows: columns that matter least are left out first.
import type { LiveView } from '../../core/live-view.ts';
import type { LiveCheck } from '../../core/live-view-checks.ts';
import type { Line, Span } from './spans.ts';
import { padTo, shown, widthOf } from './width.ts';

type Column = Exclude<keyof LiveCheck, 'verdict'>;

const HEADINGS: Readonly<Record<Column | 'verdict', string>> = {
  label: 'check',
  canary: 'canary',
  stable: 'stable',
  allowed: 'allowed',
  interval: 'likely',
  sample: 'sample',
  verdict: 'verdict',
};
/** The first goes first. */
const DISPENSABLE: readonly Column[] = ['interval', 'sample', 'stable', 'allowed', 'canary'];
const ALL: readonly Column[] = ['label', 'canary', 'stable', 'allowed', 'interval', 'sample'];

const MARK_COLUMNS = 2;
const GAP = '  ';
const FULL_HEADING_COLUMNS = 'check at HH:MM:SS'.length;
const MAX_CELL_COLUMNS = 24;
/** A label gives way before a column does. */
const MIN_LABEL_COLUMNS = 12;
const ROOMY_COLUMNS = 60;

/** A heading and one line a check; nothing when nothing was judged. */
export function checkLines(
  { checks, lookedAt }: Pick<LiveView, 'checks' | 'lookedAt'>,
  columns: number,
): readonly Line[] {
  if (checks.length === 0) return [];
  const chosen = columnsThatFit(checks, columns);
  const widths = new Map(chosen.map((column) => [column, widthOfColumn(checks, column)]));
  const verdicts = Math.max(...checks.map(({ verdict }) => 2 + widthOf(verdict.word)));
  const others = chosen.slice(1).reduce((sum, column) => sum + GAP.length + (widths.get(column) ?? 0), 0);
  const room = columns - MARK_COLUMNS - others - GAP.length - verdicts;
  widths.set('label', Math.max(1, Math.min(widths.get('label') ?? 0, room)));
  const cell = (column: Column, text: string): string => {
    const width = widths.get(column) ?? 0;
    return padTo(shown(text, width), width, column === 'label' ? 'left' : 'right');
  };
  const row = (mark: string, texts: Readonly<Record<Column, string>>, verdict: readonly Span[]): Line => [
    { text: padTo(mark, MARK_COLUMNS) },
    { text: chosen.map((column) => cell(column, texts[column])).join(GAP) + GAP },
    ...verdict,
  ];
  return [
    row('', { ...HEADINGS, label: headingOf(lookedAt, widths.get('label') ?? 0) }, [
      { text: HEADINGS.verdict },
    ]).map((span) => ({ ...span, weight: 'faint' })),
    ...checks.map((check, index) =>
      row(index === 0 ? '▶' : '', check, [
        { text: `${check.verdict.icon} ${check.verdict.word}`, tone: check.verdict.tone },
      ]),
    ),
  ];
}

function headingOf(lookedAt: string | null, columns: number): string {
  const heading = `${HEADINGS.label} at ${lookedAt}`;
  return lookedAt === null || heading.length > columns ? HEADINGS.label : heading;
}

function columnsThatFit(checks: readonly LiveCheck[], columns: number): readonly Column[] {
  let chosen = ALL;
  const verdicts = Math.max(...checks.map(({ verdict }) => 2 + widthOf(verdict.word)));
  for (const column of DISPENSABLE) {
    const cells = chosen.slice(1).reduce((sum, each) => sum + GAP.length + widthOfColumn(checks, each), 0);
    const wanted = widthOfColumn(checks, 'label');
    const label = columns < ROOMY_COLUMNS ? Math.min(MIN_LABEL_COLUMNS, wanted) : wanted;
    if (MARK_COLUMNS + label + cells + GAP.length + verdicts <= columns) break;
    chosen = chosen.filter((each) => each !== column);
  }
  return chosen;
}

function widthOfColumn(checks: readonly LiveCheck[], column: Column): number {
  const limit = column === 'label' ? 2 * MAX_CELL_COLUMNS : MAX_CELL_COLUMNS;
  const widths = checks.map((check) => widthOf(shown(check[column], limit)));
  return Math.max(column === 'label' ? FULL_HEADING_COLUMNS : widthOf(HEADINGS[column]), ...widths);
}
