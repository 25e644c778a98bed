// The template tag: text is escaped wherever it is put, markup only comes out of templates.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, jsonData, said, styleElement, toMarkup } from '../../src/report/html.ts';
import { HOSTILE_TEXTS } from './any-report.ts';
import { attributeOf, parseHtml, textOf } from './parse-html.ts';

describe('html', () => {
  it('escapes text and keeps nested templates', () => {
    const items = ['<a>', '"b"'].map((item) => html`<li>${item}</li>`);
    expect(toMarkup(html`<ul class="${`x"y`}">${items}${null}${3}</ul>`)).toBe(
      '<ul class="x&quot;y"><li>&lt;a&gt;</li><li>&quot;b&quot;</li>3</ul>',
    );
  });

  it('gives any text back as the same text, in an element and in an attribute', () => {
    const printable = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(printable, (text) => {
        const { elements, faults } = parseHtml(
          `<!doctype html><title>t</title>${toMarkup(html`<p title="${text}">${text}</p>`)}`,
        );
        const paragraph = elements.find((element) => element.tagName === 'p');
        expect(faults).toEqual([]);
        expect(paragraph && textOf(paragraph)).toBe(text);
        expect(paragraph && attributeOf(paragraph, 'title')).toBe(text);
      }),
    );
  });

  it('isolates and cuts text from outside', () => {
    expect(toMarkup(said('\u202eabc'))).toBe('<bdi>abc</bdi>');
    expect(toMarkup(said('x'.repeat(10_000), 10))).toBe(`<bdi>${'x'.repeat(9)}…</bdi>`);
  });

  it('embeds data that cannot end its script element, and that reads back unchanged', () => {
    const data = { texts: HOSTILE_TEXTS.filter((text) => text.isWellFormed()) };
    const markup = toMarkup(jsonData('data', data));
    expect(markup.slice(1, -9)).not.toMatch(/[<&\u2028\u2029]/);
    expect(JSON.parse(markup.replace(/^<script[^>]*>/, '').replace('</script>', ''))).toEqual(data);
  });

  it('refuses a style sheet that holds markup', () => {
    expect(() => styleElement('</style><script>')).toThrow('no markup');
  });
});
