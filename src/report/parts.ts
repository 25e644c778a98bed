// What the sections of the report are made of: headings, lists of facts, tables, instants.
import { EVENT_LOOKS, type Tone } from '../core/timeline.ts';
import { ukTime } from '../core/uk-time.ts';
import { type Html, html, link, said } from './html.ts';

/** Id and heading of each section, in their order. */
export const SECTIONS = {
  verdict: 'Verdict',
  traffic: 'Traffic',
  why: 'Why',
  checks: 'Checks at every stage',
  timeline: 'Timeline',
  exposure: 'Exposure',
  preflight: 'Preflight and waivers',
  signals: 'Signals and exceptions',
  changes: 'What changed',
  integrity: 'Integrity',
  review: 'Security review',
  replay: 'Replay and what-if',
} as const;
export type SectionName = keyof typeof SECTIONS;

export function section(name: SectionName, body: Html): Html {
  return html`<section id="${`section-${name}`}" aria-labelledby="${`heading-${name}`}"><h2 id="${`heading-${name}`}">${SECTIONS[name]}</h2>
${body}</section>
`;
}

/** One sentence in the place of what is not known. */
export function none(sentence: string): Html {
  return html`<p class="none">${sentence}</p>
`;
}

export function facts(rows: readonly (readonly [string, Html])[]): Html {
  return html`<dl class="facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
`;
}

/** What a cell shows where there is no value. A card leaves it out. */
export const NOTHING: Html = html`–`;

/** Longer ones have units from outside, and may break. */
const USUAL_VALUE_CHARACTERS = 16;

/** A value as `cellsOf` words it. */
export function value(text: string): Html {
  if (text === '–') return NOTHING;
  return text.length <= USUAL_VALUE_CHARACTERS
    ? said(text)
    : html`<span class="long">${said(text, 60)}</span>`;
}

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

/**
 * A table that becomes a stack of cards on a narrow screen. The first cell of a row is its heading.
 * @param classes beside `stacked`
 */
export function table(
  caption: Html | string,
  columns: readonly Column[],
  rows: readonly (readonly Html[])[],
  classes = '',
): Html {
  const heads = columns.map(({ title, isNumber }) =>
    isNumber ? html`<th scope="col" class="number">${title}</th>` : html`<th scope="col">${title}</th>`,
  );
  return html`<table class="${`stacked ${classes}`.trimEnd()}"><caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>${rows.map(
    (cells) => html`<tr>${cells.map((cell, index) => cellOf(cell, columns[index]))}</tr>
`,
  )}</tbody></table>
`;

  function cellOf(cell: Html, column: Column | undefined): Html {
    if (column === columns[0]) return html`<th scope="row">${cell}</th>`;
    const { title = '', isNumber = false } = column ?? {};
    const classes = [isNumber ? 'number' : '', cell === NOTHING ? 'empty' : ''].join(' ').trim();
    return html`<td class="${classes}" data-label="${title}"><div>${cell}</div></td>`;
  }
}

/** In UK time for people, in UTC for machines. */
export function time(instant: string): Html {
  return html`<time datetime="${instant}">${ukTime(Date.parse(instant))}</time>`;
}

/** An icon and a word, so that the colour is never the only sign. */
export function look(tone: Tone, icon: string, word: string): Html {
  return html`<span class="${`look ${tone}`}"><span aria-hidden="true">${icon}</span> ${word}</span>`;
}

export function eventLook(event: keyof typeof EVENT_LOOKS): Html {
  const { icon, word, tone } = EVENT_LOOKS[event];
  return look(tone, icon, word);
}

/** @param index of the timeline, from 0 */
export function rowLink(index: number): Html {
  return link(`#row-${index + 1}`, `row ${index + 1}`);
}
