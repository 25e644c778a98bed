// HTML that is escaped by construction: whatever goes into a template is text, unless it came out of one.
import { plainText } from '../core/plain-text.ts';

const MARKUP = Symbol('markup');

export interface Html {
  readonly [MARKUP]: string;
}

type Inserted = string | number | Html | readonly Html[] | null;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Attributes must be quoted in the template; the escapes then hold in text and in attributes alike. */
export function html(strings: TemplateStringsArray, ...values: readonly Inserted[]): Html {
  const markup = strings.reduce((sum, text, index) => sum + markupOf(values[index - 1] ?? null) + text);
  return { [MARKUP]: markup };
}

export function toMarkup(made: Html): string {
  return made[MARKUP];
}

/** Text from outside: cut, without control characters, and isolated so that its direction moves nothing around it. */
export function said(text: string, maxCharacters = 400): Html {
  return html`<bdi>${plainText(text, maxCharacters)}</bdi>`;
}

/** Many lines of text from outside, each cut and cleaned on its own. */
export function saidLines(text: string, maxLines: number, maxCharacters = 200): Html {
  const lines = text.split('\n');
  const shown = lines.slice(0, maxLines).map((line) => plainText(line, maxCharacters));
  const rest = lines.length > maxLines ? [`… ${lines.length - maxLines} more lines`] : [];
  return html`<bdi>${[...shown, ...rest].join('\n')}</bdi>`;
}

const CONSOLE = /^https:\/\/[a-z0-9-]+\.console\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)\//;

/** To a row of this page, or to a page of a console. Throws TypeError for anything else: no text from outside is a link. */
export function link(address: string, text: Html | string): Html {
  if (address.startsWith('#')) return html`<a href="${address}">${text}</a>`;
  if (!CONSOLE.test(address)) {
    throw new TypeError('a link leads to this page or to a console');
  }
  return html`<a href="${address}" rel="noreferrer noopener">${text}</a>`;
}

/** JSON that may stand inside a script element: nothing in it can end the element or a line of script. */
export function jsonData(
  name: { readonly id: string } | { readonly className: string },
  data: unknown,
): Html {
  const json = JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const attribute = 'id' in name ? html`id="${name.id}"` : html`class="${name.className}"`;
  return {
    [MARKUP]: `<script type="application/json" ${toMarkup(attribute)}>${json}</script>`,
  };
}

/** Throws TypeError for what is not base64. */
export function packedData(id: string, base64: string): Html {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) throw new TypeError('packed data is base64');
  return { [MARKUP]: `<script type="application/gzip+base64" id="${escapeText(id)}">${base64}</script>` };
}

/** A style sheet that no text from outside reaches. A `<` would mean that one did. */
export function styleElement(css: string): Html {
  if (css.includes('<')) throw new TypeError('a style sheet holds no markup');
  return { [MARKUP]: `<style>${css}</style>` };
}

/** A script that no text from outside reaches, and that the parser gives to the browser as it is hashed. */
export function scriptElement(source: string): Html {
  if (/<\/script|<!--|\r|\0/i.test(source)) throw new TypeError('a script holds no markup');
  return { [MARKUP]: `<script>${source}</script>` };
}

/** Throws TypeError for a text that would end the comment. */
export function comment(text: string): Html {
  if (/--|[<>\r\0]/.test(text)) throw new TypeError('a comment holds no markup');
  return { [MARKUP]: `<!--\n${text}\n-->` };
}

function markupOf(value: Inserted): string {
  if (value === null) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map((item: Html) => item[MARKUP]).join('');
  return (value as Html)[MARKUP];
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
