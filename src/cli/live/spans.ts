// Lines made of pieces that are coloured after they were cut, so that a colour never takes room and is always ended.
import pc from 'picocolors';
import type { Tone } from '../../core/timeline.ts';
import { shown, widthOf } from './width.ts';

export interface Span {
  readonly text: string;
  readonly tone?: Tone;
  readonly weight?: 'strong' | 'faint';
}
export type Line = readonly Span[];

/** Within so many columns, and without any control character but those of its colours. */
export function renderLine(line: Line, columns: number, hasColour: boolean): string {
  const colours = pc.createColors(hasColour);
  const tones = { good: colours.green, neutral: colours.cyan, caution: colours.yellow, bad: colours.red };
  const weights = { strong: colours.bold, faint: colours.dim };
  let left = columns;
  let text = '';
  for (const span of line) {
    const part = shown(span.text, left);
    left -= widthOf(part);
    const toned = span.tone === undefined || part === '' ? part : tones[span.tone](part);
    text += span.weight === undefined || part === '' ? toned : weights[span.weight](toned);
  }
  return hasColour ? text : text.trimEnd();
}

export function plain(text: string): Line {
  return [{ text }];
}
