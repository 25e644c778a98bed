// What the report draws itself around uPlot's lines: shaded alarm stretches and intervals below, numbered marks above. The
// functions are written into the report as text together, so they may use nothing but one another.
import type { Canvas, Ink, Uplot } from './client-types.ts';
import type { Plot } from './plot.ts';

export interface ClientOverlay {
  drawBelow(plot: Uplot, data: Plot, ink: Ink): void;
  drawMarks(plot: Uplot, data: Plot, ink: Ink): void;
}

interface Pen {
  readonly canvas: Canvas;
  readonly ink: Ink;
  /** Device pixels of one CSS pixel. */
  readonly ratio: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function overlay(): ClientOverlay {
  return {
    drawBelow(plot, data, ink) {
      const pen = penOf(plot, ink);
      insidePlot(pen, () => {
        for (const shade of data.shades) drawShade(plot, pen, shade);
        drawInterval(plot, pen, data);
      });
    },
    drawMarks: (plot, data, ink) => drawMarkGroups(plot, penOf(plot, ink), data.marks),
  };
}

function penOf({ ctx, width, bbox }: Uplot, ink: Ink): Pen {
  const { left, top } = bbox;
  const ratio = ctx.canvas.width / width;
  return { canvas: ctx, ink, ratio, left, right: left + bbox.width, top, bottom: top + bbox.height };
}

function insidePlot({ canvas, left, right, top, bottom }: Pen, draw: () => void): void {
  canvas.save();
  canvas.beginPath();
  canvas.rect(left, top, right - left, bottom - top);
  canvas.clip();
  draw();
  canvas.restore();
}

/** Tinted and hatched, so that it is seen without colours. */
function drawShade(plot: Uplot, pen: Pen, shade: Plot['shades'][number]): void {
  const { canvas, ink, ratio, top, bottom } = pen;
  const from = Math.max(pen.left, plot.valToPos(shade.from, 'x', true));
  const to = Math.min(pen.right, Math.max(from + 2 * ratio, plot.valToPos(shade.to, 'x', true)));
  if (from >= pen.right || to <= pen.left) return;
  canvas.save();
  canvas.beginPath();
  canvas.rect(from, top, to - from, bottom - top);
  canvas.clip();
  canvas.fillStyle = ink('bad');
  canvas.globalAlpha = 0.1;
  canvas.fill();
  canvas.globalAlpha = 0.3;
  canvas.strokeStyle = ink('bad');
  canvas.lineWidth = ratio;
  canvas.beginPath();
  for (let x = from - (bottom - top); x < to; x += 8 * ratio) {
    canvas.moveTo(x, bottom);
    canvas.lineTo(x + bottom - top, top);
  }
  canvas.stroke();
  canvas.restore();
  drawShadeLabel(pen, shade.label, from, to);
}

/** Left out where it would not fit: the table of alarms says it too. */
function drawShadeLabel({ canvas, ink, ratio, top }: Pen, label: string, from: number, to: number): void {
  canvas.font = `600 ${11 * ratio}px system-ui, sans-serif`;
  canvas.textAlign = 'left';
  canvas.textBaseline = 'top';
  const text = label.slice(0, 60);
  const { width } = canvas.measureText(text);
  if (width + 8 * ratio > to - from) return;
  canvas.fillStyle = ink('card');
  canvas.beginPath();
  canvas.rect(from + 2 * ratio, top + 2 * ratio, width + 4 * ratio, 15 * ratio);
  canvas.fill();
  canvas.fillStyle = ink('bad');
  canvas.fillText(text, from + 4 * ratio, top + 4 * ratio);
}

/** A band along each unbroken stretch; a whisker where there is one point alone, which has no breadth. */
function drawInterval(plot: Uplot, pen: Pen, { x, series }: Plot): void {
  const isHidden = plot.series[1 + series.findIndex(({ role }) => role === 'canary')]?.show === false;
  const low = series.find(({ role }) => role === 'low')?.values;
  const high = series.find(({ role }) => role === 'high')?.values;
  if (low === undefined || high === undefined || isHidden) return;
  let stretch: Bounds[] = [];
  for (let index = 0; index <= x.length; index += 1) {
    const [at, from, to] = [x[index], low[index], high[index]];
    if (at !== undefined && typeof from === 'number' && typeof to === 'number') {
      stretch.push({
        x: plot.valToPos(at, 'x', true),
        low: plot.valToPos(from, 'y', true),
        high: plot.valToPos(to, 'y', true),
      });
      continue;
    }
    drawStretch(pen, stretch);
    stretch = [];
  }
}

/** Device pixels. */
interface Bounds {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

function drawStretch({ canvas, ink, ratio }: Pen, stretch: readonly Bounds[]): void {
  const [first] = stretch;
  if (first === undefined) return;
  canvas.fillStyle = ink('canary');
  canvas.strokeStyle = ink('canary');
  canvas.lineWidth = ratio;
  canvas.globalAlpha = stretch.length === 1 ? 0.8 : 0.2;
  canvas.beginPath();
  if (stretch.length > 1) {
    for (const { x, high } of stretch) canvas.lineTo(x, high);
    for (const { x, low } of stretch.toReversed()) canvas.lineTo(x, low);
    canvas.closePath();
    canvas.fill();
  } else {
    const half = 5 * ratio;
    for (const y of [first.low, first.high]) {
      canvas.moveTo(first.x - half, y);
      canvas.lineTo(first.x + half, y);
    }
    canvas.moveTo(first.x, first.low);
    canvas.lineTo(first.x, first.high);
    canvas.stroke();
  }
  canvas.globalAlpha = 1;
}

/** Numbers of timeline rows on a line above the plot; what would overlap shares one. */
function drawMarkGroups(plot: Uplot, pen: Pen, marks: Plot['marks']): void {
  const groups: { at: number; first: number; last: number }[] = [];
  for (const { at: seconds, row } of marks) {
    const at = plot.valToPos(seconds, 'x', true);
    if (at < pen.left - 1 || at > pen.right + 1) continue;
    const group = groups.at(-1);
    if (group !== undefined && at - group.at < 36 * pen.ratio) group.last = row;
    else groups.push({ at, first: row, last: row });
  }
  for (const group of groups) drawMark(pen, group.at, group);
}

function drawMark(pen: Pen, at: number, { first, last }: { first: number; last: number }): void {
  const { canvas, ink, ratio, top, bottom } = pen;
  const label = first === last ? String(first) : `${first}–${last}`;
  canvas.save();
  canvas.strokeStyle = ink('soft');
  canvas.lineWidth = ratio;
  canvas.setLineDash([3 * ratio, 3 * ratio]);
  canvas.beginPath();
  canvas.moveTo(at, top);
  canvas.lineTo(at, bottom);
  canvas.stroke();
  canvas.font = `600 ${11 * ratio}px system-ui, sans-serif`;
  const half = Math.max(9 * ratio, canvas.measureText(label).width / 2 + 5 * ratio);
  const centre = Math.max(pen.left + half, Math.min(at, pen.right - half));
  canvas.fillStyle = ink('ink');
  canvas.beginPath();
  canvas.roundRect(centre - half, top - 23 * ratio, 2 * half, 18 * ratio, 9 * ratio);
  canvas.fill();
  canvas.fillStyle = ink('card');
  canvas.textAlign = 'center';
  canvas.textBaseline = 'middle';
  canvas.fillText(label, centre, top - 13.5 * ratio);
  canvas.restore();
}

/** The source of all that is above. */
export const OVERLAY_SOURCE = [
  ...[overlay, penOf, insidePlot, drawShade, drawShadeLabel, drawInterval, drawStretch],
  ...[drawMarkGroups, drawMark],
].join('\n');
