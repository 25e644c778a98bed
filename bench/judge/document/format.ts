// Numbers and tables of the document. No clock and no locale of the machine: the same results give the same bytes.
import { percentOf, type Share, wilsonPercents } from '../score.ts';

/** Whole numbers with separators from 10 on, one digit below. */
export function count(value: number): string {
  return value < 9.95 ? value.toFixed(1) : Math.round(value).toLocaleString('en-GB');
}

export function percent(share: Share): string {
  return percentOf(share).toFixed(1);
}

/** «1.5 (0.5–4.3)»: percent and its 95 % interval. */
export function percentWithInterval(share: Share, digits = 1): string {
  const [low, high] = wilsonPercents(share);
  return `${percentOf(share).toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

/** A Markdown table; the first `leftColumns` are words, the others numbers. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  leftColumns = 1,
): readonly string[] {
  const rule = head.map((_, column) => (column < leftColumns ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

export function sumOf(shares: readonly Share[]): Share {
  return shares.reduce((sum, share) => ({ count: sum.count + share.count, of: sum.of + share.of }), {
    count: 0,
    of: 0,
  });
}
