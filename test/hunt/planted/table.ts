// The table of planted bugs, for the terminal and for docs/guarantees.md.
import type { Search } from './search.ts';

export function tableText(searches: readonly Search[], seeds: number): string {
  const width = Math.max(...searches.map(({ name }) => name.length));
  const rows = searches.map(({ name, says, found }) => {
    const how =
      found === null
        ? `NOT CAUGHT in ${seeds} seeds`
        : `${found.invariant.padEnd(3)} ${String(found.seed + 1).padStart(4)} seeds`;
    return `${name.padEnd(width)}  ${how}  ${says}`;
  });
  const caught = searches.filter(({ found }) => found !== null).length;
  return `${rows.join('\n')}\n${caught} of ${searches.length} planted bugs caught within ${seeds} seeds\n`;
}

export function tableMarkdown(searches: readonly Search[], seeds: number): string {
  const caught = searches.filter(({ found }) => found !== null).length;
  return [
    `${caught} of ${searches.length} are caught within ${seeds.toLocaleString('en-GB')} seeds.`,
    '',
    '| planted bug | what is wrong | caught by | seeds needed |',
    '|---|---|---|---|',
    ...searches.map(({ name, says, found }) => {
      const by = found === null ? '**not caught**' : `${found.invariant} | ${found.seed + 1}`;
      return `| \`${name}\` | ${says} | ${by} |${found === null ? ' |' : ''}`;
    }),
  ].join('\n');
}
