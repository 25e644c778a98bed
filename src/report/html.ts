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

/** JSON that may stand inside a script element: nothing in it can end the element or a line of script. */
export function jsonData(id: string, data: unknown): Html {
  const json = JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return { [MARKUP]: `<script type="application/json" id="${escapeText(id)}">${json}</script>` };
}

/** Our own style sheet, which no outside text reaches. A `<` would mean that one did. */
export function styleElement(css: string): Html {
  if (css.includes('<')) throw new TypeError('a style sheet holds no markup');
  return { [MARKUP]: `<style>${css}</style>` };
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
