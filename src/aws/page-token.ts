// Whether there is one more page. XML knows no null: an element without text is an empty token, and going on with it would
// ask for the first page again, for ever.

/** undefined: this was the last page. */
export function pageToken(found: string | undefined): string | undefined {
  return found === '' ? undefined : found;
}
