// The checks as a table that fits the terminal: cells are written tighter before the columns that matter least are left out.
import type { LiveLook, LiveView } from '../../core/live-view.ts';
import type { LiveCheck } from '../../core/live-view-checks.ts';
import { formatPercent } from '../../core/units.ts';
import type { Line, Span } from './spans.ts';
import { cutMiddleTo, padTo, shown, widthOf } from './width.ts';

type Column = Exclude<keyof LiveCheck, 'verdict'>;
type Cells = Readonly<Record<Column, string>>;

const HEADINGS: Readonly<Record<Column | 'verdict', string>> = {
  label: 'check',
  canary: 'canary',
  stable: 'stable',
  allowed: 'allowed',
  interval: 'likely',
  sample: 'sample',
  verdict: 'verdict',
};
/** The first goes first: what stable does is in `allowed` already, and in the reason. */
const DISPENSABLE: readonly Column[] = ['stable', 'interval', 'sample', 'allowed', 'canary'];
const ALL: readonly Column[] = ['label', 'canary', 'stable', 'allowed', 'interval', 'sample'];

const MARK_COLUMNS = 2;
const MAX_CELL_COLUMNS = 24;
/** A label gives way before a column does; its beginning and its end stay. */
const MIN_LABEL_COLUMNS = 14;

interface Layout {
  readonly rows: readonly { readonly cells: Cells; readonly verdict: Span }[];
  readonly columns: readonly Column[];
  readonly gap: string;
  readonly labelColumns: number;
}

/** A heading and one line a check; nothing when nothing was judged. */
export function checkLines(
  { checks, look }: Pick<LiveView, 'checks' | 'look'>,
  columns: number,
): readonly Line[] {
  if (checks.length === 0) return [];
  const { rows, columns: chosen, gap, labelColumns } = layoutOf(checks, columns);
  const cells = (of: Cells): string =>
    chosen
      .map((column) => {
        if (column === 'label') return padTo(cutMiddleTo(of.label, labelColumns), labelColumns);
        const width = cellColumns(rows, column);
        return padTo(shown(of[column], width), width, 'right');
      })
      .join(gap) + gap;
  const heading = { ...HEADINGS, label: headingOf(look, labelColumns) };
  return [
    [{ text: ' '.repeat(MARK_COLUMNS) + cells(heading) + HEADINGS.verdict, weight: 'faint' }],
    ...rows.map(
      (row, index): Line => [
        { text: padTo(index === 0 ? '▶' : '', MARK_COLUMNS) + cells(row.cells) },
        row.verdict,
      ],
    ),
  ];
}

/** The first that fits: as people write it, then tight, then with fewer and fewer columns. */
function layoutOf(checks: readonly LiveCheck[], columns: number): Layout {
  const wide = { rows: checks.map(wideRow), columns: ALL, gap: '  ', isLabelWhole: true };
  const tight = { rows: checks.map(tightRow), columns: ALL, gap: ' ', isLabelWhole: false };
  const narrower = DISPENSABLE.map((_, index) => ({
    ...tight,
    columns: ALL.filter((column) => !DISPENSABLE.slice(0, index + 1).includes(column)),
  }));
  const whole = { ...tight, isLabelWhole: true };
  const layouts = [wide, { ...whole, gap: '  ' }, whole, tight, ...narrower];
  for (const layout of layouts) {
    const labels = cellColumns(layout.rows, 'label');
    const room = columns - othersColumns(layout);
    if (room >= (layout.isLabelWhole ? labels : Math.min(labels, MIN_LABEL_COLUMNS))) {
      return { ...layout, labelColumns: Math.min(labels, room) };
    }
  }
  const last = { ...tight, columns: ['label'] as const };
  return { ...last, labelColumns: Math.max(1, columns - othersColumns(last)) };
}

/** Of all that is not the label. */
function othersColumns({ rows, columns, gap }: Omit<Layout, 'labelColumns'>): number {
  const cells = columns
    .filter((column) => column !== 'label')
    .reduce((sum, column) => sum + gap.length + cellColumns(rows, column), 0);
  const verdict = Math.max(widthOf(HEADINGS.verdict), ...rows.map((row) => widthOf(row.verdict.text)));
  return MARK_COLUMNS + cells + gap.length + verdict;
}

function wideRow({ verdict: { icon, word, tone }, ...cells }: LiveCheck): Layout['rows'][number] {
  return { cells, verdict: { text: `${icon} ${word}`, tone } };
}

/** Without the spaces that only please. */
function tightRow({ verdict: { icon, briefWord, tone }, ...cells }: LiveCheck): Layout['rows'][number] {
  const tight = (text: string): string => text.replaceAll(' ', '');
  const { label, canary, stable, allowed } = cells;
  return {
    cells: { ...cells, label, canary: tight(canary), stable: tight(stable), allowed: tight(allowed) },
    verdict: { text: `${icon} ${briefWord}`, tone },
  };
}

function cellColumns(rows: Layout['rows'], column: Column): number {
  const limit = column === 'label' ? 2 * MAX_CELL_COLUMNS : MAX_CELL_COLUMNS;
  const least = column === 'label' ? LONGEST_HEADING : widthOf(HEADINGS[column]);
  return Math.max(least, ...rows.map(({ cells }) => widthOf(shown(cells[column], limit))));
}

const LONGEST_HEADING = 'at 100%, 59m ago'.length;

/** How old the newest look is; after the end, when it was. */
function headingOf(look: LiveLook | null, columns: number): string {
  const headings = look === null ? [] : [lookText(look)];
  return headings.find((heading) => widthOf(heading) <= columns) ?? HEADINGS.label;
}

function lookText({ clock, ageSeconds, earlierPercent }: LiveLook): string {
  if (ageSeconds === null) return `judged ${clock}`;
  const ago = `${briefSpan(ageSeconds)} ago`;
  return earlierPercent === null
    ? `judged ${ago}`
    : `at ${formatPercent(earlierPercent).replace(' ', '')}, ${ago}`;
}

function briefSpan(seconds: number): string {
  if (seconds < 100) return `${seconds}s`;
  return seconds < 6000 ? `${Math.floor(seconds / 60)}m` : `${Math.floor(seconds / 3600)}h`;
}
