// One frame of the live view: a view as lines that fit a terminal, whatever its size. What matters most keeps its place
// when rows get scarce.
import type { LiveView } from '../../core/live-view.ts';
import { checkLines } from './check-table.ts';
import { type Foot, footLines } from './foot.ts';
import { bakeLines, factLines, identityLines, MAX_TIMELINE_LINES, timelineLines } from './parts.ts';
import { railLines } from './rail.ts';
import { type Line, plain, renderLine } from './spans.ts';
import { shownLines } from './width.ts';

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

const MARGIN = 2;
const MAX_REASON_LINES = 12;

/** At most `rows` lines of at most `columns` columns each. */
export function frame(view: LiveView, size: FrameSize, foot: Foot, hasColour: boolean): readonly string[] {
  const { columns, rows } = size;
  const inner = Math.max(1, columns - MARGIN);
  const sections = sectionsOf(view, inner, foot);
  const granted = grant(sections, rows, foot.keys.isWhyShown);
  const reason = reasonLines(view, inner, granted.lines.reason);
  const lines: Line[] = [];
  for (const { name, isApart } of ORDER) {
    const rowCount = granted.lines[name];
    // of a question the last line is the one that is answered
    const whole = sections[name];
    const part = name === 'foot' ? whole.slice(whole.length - rowCount) : whole.slice(0, rowCount);
    const shownPart = name === 'reason' ? reason : part;
    if (isApart && granted.gaps.has(name) && shownPart.length > 0) lines.push([]);
    lines.push(...shownPart.map((line) => indented(line, name)));
  }
  return lines.slice(0, rows).map((line) => renderLine(line, columns, hasColour));
}

type SectionName =
  | 'headline'
  | 'reason'
  | 'identity'
  | 'rail'
  | 'bake'
  | 'checks'
  | 'facts'
  | 'timeline'
  | 'foot';
type Sections = Readonly<Record<SectionName, readonly Line[]>>;

/** From top to bottom. */
const ORDER: readonly { readonly name: SectionName; readonly isApart: boolean }[] = [
  { name: 'headline', isApart: false },
  { name: 'reason', isApart: false },
  { name: 'identity', isApart: false },
  { name: 'rail', isApart: true },
  { name: 'bake', isApart: false },
  { name: 'checks', isApart: true },
  { name: 'facts', isApart: true },
  { name: 'timeline', isApart: true },
  { name: 'foot', isApart: true },
];

/** Who gets rows, in turn: a section, and how many of its lines it then has. */
const CLAIMS: readonly (readonly [SectionName, number])[] = [
  ['headline', 4],
  ['foot', 1],
  ['bake', 1],
  ['reason', 1],
  ['checks', 2],
  ['foot', 5],
  ['reason', 2],
  ['bake', 3],
  ['identity', 2],
  ['rail', 3],
  ['bake', 5],
  ['checks', 6],
  ['facts', 2],
  ['timeline', 1],
  ['facts', 8],
  ['checks', 12],
  ['timeline', 3],
  ['reason', 4],
];
/** Who asks for the whole reason gets it before anything but the first line and the foot. */
const WHY_CLAIMS: typeof CLAIMS = [['headline', 4], ['foot', 1], ['reason', MAX_REASON_LINES], ...CLAIMS];
const LATE_CLAIMS: readonly (readonly [SectionName, number])[] = [
  ['reason', MAX_REASON_LINES],
  ['checks', 40],
  ['timeline', MAX_TIMELINE_LINES],
];

function sectionsOf(view: LiveView, inner: number, foot: Foot): Sections {
  const { icon, what, tone } = view.headline;
  return {
    headline: shownLines(what, inner, 4).map((text, index) => [
      { text: `${index === 0 ? icon : ' '} `, tone },
      { text, tone, weight: 'strong' },
    ]),
    reason: reasonLines(view, inner, MAX_REASON_LINES),
    identity: identityLines(view, inner),
    rail: railLines(view, inner),
    bake: bakeLines(view, inner),
    checks: checkLines(view, inner + MARGIN),
    facts: factLines(view, inner),
    timeline: timelineLines(view, inner),
    foot: footLines(view, foot, inner),
  };
}

function reasonLines({ reason }: LiveView, inner: number, lines: number): readonly Line[] {
  return lines === 0 ? [] : shownLines(reason, inner, lines).map((text) => plain(text));
}

/** Rows for each section, and which ones are set apart by an empty row. */
function grant(
  sections: Sections,
  rows: number,
  isWhyShown: boolean,
): { lines: Record<SectionName, number>; gaps: Set<SectionName> } {
  const lines = Object.fromEntries(ORDER.map(({ name }) => [name, 0])) as Record<SectionName, number>;
  const gaps = new Set<SectionName>();
  let left = rows;
  const claim = ([name, upTo]: readonly [SectionName, number]): void => {
    const more = Math.min(left, Math.min(upTo, sections[name].length) - lines[name]);
    if (more <= 0) return;
    lines[name] += more;
    left -= more;
  };
  for (const each of isWhyShown ? WHY_CLAIMS : CLAIMS) claim(each);
  for (const { name, isApart } of ORDER) {
    if (!isApart || lines[name] === 0 || left === 0) continue;
    gaps.add(name);
    left -= 1;
  }
  for (const each of LATE_CLAIMS) claim(each);
  return { lines, gaps };
}

/** Headline and check table bring their own first column. */
function indented(line: Line, name: SectionName): Line {
  return name === 'headline' || name === 'checks' ? line : [{ text: ' '.repeat(MARGIN) }, ...line];
}
