// Makes text from outside safe to show to a person: no control characters, no direction overrides, no broken surrogates.

/** C0 and C1 controls (which drive terminals) and Unicode's direction controls (which reorder what is read). */
const NOT_SHOWN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** One line of plain text, at most `maxCharacters` long; what is cut is marked by an ellipsis. */
export function plainText(text: string, maxCharacters = 2000): string {
  // cut first: a hostile text of megabytes is not worth a regular expression over all of it
  const bounded = text.length > maxCharacters * 4 ? text.slice(0, maxCharacters * 4) : text;
  const line = bounded
    .toWellFormed()
    .replace(/[\t\r\n\u2028\u2029]+/g, ' ')
    .replace(NOT_SHOWN, '');
  return line.length > maxCharacters ? `${line.slice(0, maxCharacters - 1).toWellFormed()}…` : line;
}
