// The stages as a rail with a station each: where the rollout was, where it is, what lies ahead.
import type { LiveStage, LiveView } from '../../core/live-view.ts';
import type { ObservedShare } from '../../core/report.ts';
import { formatPercent } from '../../core/units.ts';
import { type Line, plain, type Span } from './spans.ts';
import { padTo, widthOf } from './width.ts';

const STATIONS: Readonly<Record<LiveStage['place'], Span>> = {
  done: { text: '●', tone: 'good' },
  here: { text: '◐', tone: 'neutral' },
  ahead: { text: '○' },
  left: { text: '✖', tone: 'bad' },
};
const MIN_CELL_COLUMNS = 7;
const GAP = '    ';

/** Two lines where the rail has room, the share beside it or below; else one that says the same. */
export function railLines(view: LiveView, columns: number): readonly Line[] {
  const share = shareText(view);
  const { stages } = view;
  if (stages.length === 0) return [plain(share)];
  const labels = stages.map(stageLabel);
  const cell = Math.max(MIN_CELL_COLUMNS, ...labels.map((label) => widthOf(label) + 2));
  const width = cell * (stages.length - 1) + widthOf(labels.at(-1) ?? '');
  if (width > columns) return [plain(inWords(stages)), plain(share)];
  const rail = stages.flatMap(({ place }, index): Span[] => {
    const isLast = index === stages.length - 1;
    const track = place === 'done' ? '━' : '┄';
    return [STATIONS[place], ...(isLast ? [] : [{ text: track.repeat(cell - 1) }])];
  });
  const names: Line = [{ text: labels.map((label) => padTo(label, cell)).join('') }];
  const railWidth = cell * (stages.length - 1) + 1;
  const besides = Math.max(width, railWidth);
  if (besides + GAP.length + widthOf(share) > columns) return [rail, names, plain(share)];
  return [[...rail, { text: ' '.repeat(besides - railWidth) + GAP + share }], names];
}

function stageLabel({ weightPercent, place, approval }: LiveStage): string {
  const mark = place === 'done' ? '✔' : approval ? '?' : '';
  return `${formatPercent(weightPercent).replace(' ', '')}${mark}`;
}

function inWords(stages: readonly LiveStage[]): string {
  const here = stages.findLastIndex(({ place }) => place !== 'ahead');
  const weight = stages[here]?.weightPercent;
  return here === -1
    ? `${stages.length} stages ahead`
    : `stage ${here + 1} of ${stages.length} (${formatPercent(weight ?? 0)})`;
}

function shareText({ configuredPercent, observed }: LiveView): string {
  const configured = `${formatPercent(configuredPercent)} configured`;
  return observed === null ? configured : `${configured} · ${observedText(observed)}`;
}

export function observedText({ percent, marginPercent }: ObservedShare): string {
  return `${percent.toFixed(1)} % observed (±${marginPercent.toFixed(1)})`;
}
