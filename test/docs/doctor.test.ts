// docs/doctor.md against the tables of the doctor: its checks, its codes, the permissions it asks for.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CANNOT_SEE } from '../../src/core/doctor.ts';
import { ACCOUNT_CHECKS } from '../../src/core/doctor-account-checks.ts';
import { ENGINE_CHECKS } from '../../src/core/doctor-engine-checks.ts';
import { SERVICE_CHECKS } from '../../src/core/doctor-service-checks.ts';
import { fencesOf, ROOT, readDocument } from './markdown.ts';

const FILE = 'docs/doctor.md';
const text = readDocument(FILE);
const ROWS = [...ACCOUNT_CHECKS, ...ENGINE_CHECKS, ...SERVICE_CHECKS];

/** Every code that the sources can give to a finding. */
function codes(): readonly string[] {
  const sources = [
    ...readdirSync(join(ROOT, 'src/core'))
      .filter((name) => /^doctor.*\.ts$/.test(name))
      .map((name) => `src/core/${name}`),
    'src/cli/doctor-examination.ts',
  ];
  const found = sources.flatMap((file) => [
    ...readFileSync(join(ROOT, file), 'utf8').matchAll(/\bcode: [`']([a-z0-9-]+)(\$\{\w+\})?[`']/g),
  ]);
  return found.flatMap(([, code = '', number]) => (number === undefined ? [code] : [`${code}1`, `${code}2`]));
}

describe('docs/doctor.md', () => {
  it('lists every check and no other', () => {
    const section = text.slice(text.indexOf('\n## What it looks at'), text.indexOf('\n### How much'));
    const listed = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]);
    expect(listed).toEqual(ROWS.map(({ id }) => id));
  });

  it('names every code', () => {
    expect(codes().length).toBeGreaterThan(60);
    expect([...new Set(codes())].filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
  });

  it('asks for exactly the permissions that the checks need', () => {
    const [policy] = fencesOf(FILE, text).filter(({ language }) => language === 'json');
    const { Statement } = JSON.parse(policy?.text ?? '{}');
    expect(Statement).toHaveLength(1);
    expect(Statement[0].Action).toEqual([...new Set(ROWS.flatMap(({ needs }) => needs))].sort());
  });

  it('says what cannot be seen, as the command does', () => {
    const section = text.slice(text.indexOf('\n## What it cannot see'), text.indexOf('\n## Permissions'));
    for (const what of CANNOT_SEE) {
      expect(section.toLowerCase()).toContain(what.split(' (')[0]?.replace(/ and what those.*/, ''));
    }
  });
});
