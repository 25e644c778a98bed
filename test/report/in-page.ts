// Finds things in a parsed report by the names that the report promises.
import { attributeOf, type ParsedHtml, textOf } from './parse-html.ts';

type Element = ParsedHtml['elements'][number];

export function find(parsed: ParsedHtml, tag: string): readonly Element[] {
  return parsed.elements.filter((element) => element.tagName === tag);
}

export function byId(parsed: ParsedHtml, id: string): Element {
  const element = parsed.elements.find((candidate) => attributeOf(candidate, 'id') === id);
  if (element === undefined) throw new Error(`the page has no #${id}`);
  return element;
}

export function inside(element: Element): readonly Element[] {
  return element.childNodes.flatMap((node) => ('tagName' in node ? [node, ...inside(node)] : []));
}

/** As a person reads it: without data blocks, with single spaces. */
export function shownText(node: Parameters<typeof textOf>[0]): string {
  if ('tagName' in node && node.tagName === 'script') return '';
  if ('value' in node) return node.value;
  const inner = 'childNodes' in node ? node.childNodes.map(shownText).join(' ') : '';
  return inner.replace(/\s+/g, ' ').trim();
}

/** The rows of all tables inside, cells joined by `|`. */
export function rowsOf(element: Element): readonly string[] {
  return inside(element)
    .filter(({ tagName }) => tagName === 'tr')
    .map((row) =>
      row.childNodes
        .map(shownText)
        .filter((text) => text !== '')
        .join('|'),
    );
}

/** The chart data of a figure. */
export function plotData(figure: Element): unknown {
  const block = inside(figure).find(({ tagName }) => tagName === 'script');
  return JSON.parse(block === undefined ? 'null' : textOf(block));
}
