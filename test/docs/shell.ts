// The commands in a piece of shell, as words: enough of the language for what documentation shows.

export interface ShellCommand {
  readonly words: readonly string[];
  /** What stands behind `#` on its line. */
  readonly comment: string | null;
}

const TOKEN =
  /#(?<comment>[^\n]*)|(?<end>&&|\|\||[;|&\n()])|(?<redirect>\d?(?:>>|>|<)(?:&\d)?[ \t]*)|(?<space>[ \t]+)|'(?<single>[^']*)'|"(?<double>(?:\\.|[^"\\])*)"|(?<plain>(?:\\.|[^\s;&|()<>'"\\])+)|(?<open>.)/gs;
const HERE_DOCUMENT = /<<-?[ \t]*['"]?(\w+)['"]?([^\n]*)\n[\s\S]*?\n[ \t]*\1(?=\n|$)/g;
const ASSIGNMENT = /^[A-Za-z_]\w*=/;
/** Words of the language, behind which a command follows. */
const KEYWORDS: readonly string[] = [
  'if',
  'then',
  'else',
  'while',
  'until',
  'do',
  'done',
  'fi',
  '!',
  '{',
  '}',
];

/** Commands in `$(…)` come first, as they are run first. Throws SyntaxError for a quote or a parenthesis left open. */
export function shellCommands(text: string): readonly ShellCommand[] {
  const { outer, inner } = substitutionsOf(text.replaceAll('\\\n', ' ').replaceAll(HERE_DOCUMENT, '$2'));
  return [...inner.flatMap(shellCommands), ...plainCommands(outer)];
}

function plainCommands(text: string): readonly ShellCommand[] {
  const found: ShellCommand[] = [];
  let words: string[] = [];
  let word: string | null = null;
  let isFile = false;
  const endWord = (): void => {
    if (word !== null && !isFile) words.push(word);
    if (word !== null) isFile = false;
    word = null;
  };
  const endCommand = (comment: string | null): void => {
    endWord();
    const own = ownWords(words);
    if (own.length > 0) found.push({ words: own, comment });
    words = [];
  };
  for (const { groups = {} } of text.matchAll(TOKEN)) {
    const { comment, end, redirect, space, single, double, plain, open } = groups;
    if (open !== undefined) throw new SyntaxError(`${open} is left open`);
    if (comment !== undefined) endCommand(comment.trim());
    else if (end !== undefined) endCommand(null);
    else if (space !== undefined) endWord();
    else if (redirect !== undefined) {
      endWord();
      isFile = !/&\d/.test(redirect);
    } else word = `${word ?? ''}${single ?? (double ?? plain ?? '').replaceAll(/\\([\s\S])/g, '$1')}`;
  }
  endCommand(null);
  return found;
}

/** Takes `$(…)` out of a text, at any depth of quotes. */
function substitutionsOf(text: string): { readonly outer: string; readonly inner: readonly string[] } {
  const from = text.indexOf('$(');
  if (from < 0) return { outer: text, inner: [] };
  const end = closingOf(text, from + 2);
  const after = substitutionsOf(text.slice(end + 1));
  return {
    outer: `${text.slice(0, from)}$SUBSTITUTED${after.outer}`,
    inner: [text.slice(from + 2, end), ...after.inner],
  };
}

/** Where the parenthesis ends that was opened right before `from`; quotes may hold others. */
function closingOf(text: string, from: number): number {
  let depth = 1;
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    if (depth === 0) return at;
  }
  throw new SyntaxError('$( is left open');
}

function ownWords(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => !ASSIGNMENT.test(word) && !KEYWORDS.includes(word));
  return start < 0 ? [] : words.slice(start);
}
