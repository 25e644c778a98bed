// Journals and results as files of one folder.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { journalText } from '../core/journal.ts';
import type { Files } from './game-day.ts';

export function folderFiles(folder: string): Files {
  const journal = (day: string): string => join(folder, `${day}.journal.ndjson`);
  return {
    readJournal: (day) => (existsSync(journal(day)) ? readFileSync(journal(day), 'utf8') : null),
    appendJournal: (day, line) => {
      mkdirSync(folder, { recursive: true });
      appendFileSync(journal(day), journalText(line), { flush: true });
    },
    writeResult: (day, json, markdown) => {
      const stem = freeStem(folder, day);
      const written = [
        [`${stem}.json`, json],
        [`${stem}.md`, markdown],
      ] as const;
      // a file that appears meanwhile is not overwritten either
      for (const [name, text] of written) writeFileSync(name, text, { flag: 'wx' });
      return written.map(([name]) => name);
    },
  };
}

/** A day that was resumed has several results. */
function freeStem(folder: string, day: string): string {
  for (let part = 1; ; part++) {
    const stem = join(folder, part === 1 ? day : `${day}-${part}`);
    if (!existsSync(`${stem}.json`) && !existsSync(`${stem}.md`)) return stem;
  }
}
