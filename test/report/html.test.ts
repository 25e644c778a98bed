// The template tag: text is escaped wherever it is put, markup only comes out of templates.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comment,
  html,
  jsonData,
  link,
  packedData,
  said,
  saidLines,
  scriptElement,
  styleElement,
  toMarkup,
} from '../../src/report/html.ts';
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
    const markup = toMarkup(jsonData({ id: 'data' }, data));
    expect(markup.slice(1, -9)).not.toMatch(/[<&\u2028\u2029]/);
    expect(JSON.parse(markup.replace(/^<script[^>]*>/, '').replace('</script>', ''))).toEqual(data);
  });

  it('keeps the lines of a text, cleans each, and says how many it left out', () => {
    const lines = ['a: <b>', '  c: \u202ed', 'x'.repeat(300), 'e', 'f'];
    expect(toMarkup(saidLines(lines.join('\n'), 3, 10))).toBe(
      `<bdi>a: &lt;b&gt;\n  c: d\n${'x'.repeat(9)}…\n… 2 more lines</bdi>`,
    );
  });

  it.each([
    ['a style sheet', () => styleElement('</style><script>')],
    ['a script that ends itself', () => scriptElement('"</SCRIPT>"')],
    ['a script that hides what follows', () => scriptElement('"<!--"')],
    // the parser makes another text of it than the one that was hashed
    ['a script with carriage returns', () => scriptElement('a()\r\nb()')],
    ['a comment that ends itself', () => comment('a --> b')],
    ['packed data', () => packedData('id', 'abc</script>')],
  ])('refuses %s that holds markup', (_what, make) => {
    expect(make).toThrow(TypeError);
  });

  it.each([
    'javascript:alert(1)',
    'https://example.com/',
    'https://evil.example/x.console.aws.amazon.com/',
    'http://eu-west-2.console.aws.amazon.com/',
    '//eu-west-2.console.aws.amazon.com/',
    '',
  ])('makes no link of %j', (address) => {
    expect(() => link(address, 'here')).toThrow(TypeError);
  });

  it('links rows of the page and consoles of every partition', () => {
    expect(toMarkup(link('#row-1', 'row <1>'))).toBe('<a href="#row-1">row &lt;1&gt;</a>');
    for (const host of [
      'eu-west-2.console.aws.amazon.com',
      'cn-north-1.console.amazonaws.cn',
      'us-gov-west-1.console.amazonaws-us-gov.com',
    ]) {
      expect(toMarkup(link(`https://${host}/states/home?a=1&b=2`, 'look'))).toBe(
        `<a href="https://${host}/states/home?a=1&amp;b=2" rel="noreferrer noopener">look</a>`,
      );
    }
  });
});
