// A file that is written for a person: whole or not there, and nothing else beside it.
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeTextFile } from '../../src/cli/write-text-file.ts';
import { InvalidInputError } from '../../src/core/errors.ts';
import { tempFolder } from '../support/temp-folder.ts';

function write(cwd: string, path: string, text = 'new') {
  return writeTextFile({ cwd, path, noun: 'report', example: '--report report.html' }, text);
}

describe('writing', () => {
  it('makes the file and its own folder, and leaves nothing beside it', async () => {
    using folder = tempFolder({});
    await write(folder.path, 'reports/a.html');
    expect(readdirSync(join(folder.path, 'reports'))).toEqual(['a.html']);
    expect(readFileSync(join(folder.path, 'reports/a.html'), 'utf8')).toBe('new');
  });

  it('takes the place of the file that was there, with its rights', async () => {
    using folder = tempFolder({ 'a.html': 'old' });
    chmodSync(join(folder.path, 'a.html'), 0o600);
    await write(folder.path, 'a.html');
    expect(readdirSync(folder.path)).toEqual(['a.html']);
    expect(statSync(join(folder.path, 'a.html')).mode & 0o777).toBe(0o600);
  });

  it('writes what a link leads to, and keeps the link', async () => {
    using folder = tempFolder({ 'real/a.html': 'old' });
    symlinkSync('real/a.html', join(folder.path, 'link.html'));
    await write(folder.path, 'link.html');
    expect(lstatSync(join(folder.path, 'link.html')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder.path, 'real/a.html'), 'utf8')).toBe('new');
  });

  it('takes a name of the greatest length', async () => {
    using folder = tempFolder({});
    await write(folder.path, 'n'.repeat(255));
    expect(readdirSync(folder.path)).toEqual(['n'.repeat(255)]);
  });

  it('writes to a device', async () => {
    using folder = tempFolder({});
    await write(folder.path, '/dev/null');
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

describe('what cannot be written', () => {
  it.each(['folder', 'a.html/inside', 'no/such/folder/a.html', 'n'.repeat(300), ''])(
    '%j is told as the problem of whoever named it, and leaves everything as it was',
    async (path) => {
      using folder = tempFolder({ 'a.html': 'old' });
      mkdirSync(join(folder.path, 'folder'));
      await expect(write(folder.path, path)).rejects.toThrow(InvalidInputError);
      expect(readdirSync(folder.path, { recursive: true }).toSorted()).toEqual(['a.html', 'folder']);
      expect(readFileSync(join(folder.path, 'a.html'), 'utf8')).toBe('old');
    },
  );

  it.skipIf(process.getuid?.() === 0)('a folder or a file that is protected keeps what it has', async () => {
    using folder = tempFolder({ 'closed/a.html': 'old', 'a.html': 'old' });
    chmodSync(join(folder.path, 'closed'), 0o555);
    chmodSync(join(folder.path, 'a.html'), 0o444);
    for (const path of ['closed/b.html', 'a.html']) {
      await expect(write(folder.path, path)).rejects.toThrow(/this user may not write there/);
    }
    expect(readFileSync(join(folder.path, 'a.html'), 'utf8')).toBe('old');
    chmodSync(join(folder.path, 'closed'), 0o755);
  });
});
