// docs/pipelines.md against the code: events, exit codes, rights and policies are those that there are.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_PREFIX_CHARACTERS } from '../../lib/code-pipeline-input.ts';
import { ROLLOUT_ACTION_TIMEOUT } from '../../lib/code-pipeline-timeout.ts';
import { rolloutMachineExport } from '../../lib/names.ts';
import { EXIT } from '../../src/cli/command.ts';
import { EVENTS } from '../../src/core/events.ts';
import { fencesOf, ROOT, readDocument } from '../docs/markdown.ts';
import { ENGINE } from './synth.ts';

const FILE = 'docs/pipelines.md';
const TEXT = readDocument(FILE);
const FENCES = fencesOf(FILE, TEXT);

describe('how to start from a pipeline', () => {
  it('names every event as it is published', () => {
    const named = [...TEXT.matchAll(/stepshift\.(rollout[a-z.-]+)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(4);
    const known = [...Object.keys(EVENTS), 'rollout.requested'];
    expect([...new Set(named)].filter((name) => !known.includes(name))).toEqual([]);
  });

  it('says of every exit code that a start may end with what it means', () => {
    const rows = [...TEXT.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, codes = '']) =>
      codes.split(', ').map(Number),
    );
    // a wait is not ended by an approval that is due, and Ctrl-C is nobody's in a pipeline
    const { waitingForApproval, detached, ...others } = EXIT;
    expect(rows.toSorted((a, b) => a - b)).toEqual(Object.values(others).toSorted((a, b) => a - b));
    expect([waitingForApproval, detached]).toEqual([10, 130]);
  });

  it('names the rights of the command line as its policy gives them', () => {
    const policy = readFileSync(join(ROOT, 'examples/pipelines/github-actions/permissions.json'), 'utf8');
    for (const action of [
      'cloudformation:DescribeStacks',
      'states:StartExecution',
      'states:DescribeExecution',
      'dynamodb:GetItem',
      'dynamodb:Query',
    ]) {
      expect(policy).toContain(`"${action}"`);
      expect(TEXT).toContain(`\`${action}\``);
    }
  });

  it('tells the limits that the construct holds to', () => {
    expect(TEXT).toContain(`at most ${MAX_PREFIX_CHARACTERS} characters`);
    expect(TEXT).toContain(`**${ROLLOUT_ACTION_TIMEOUT.toDays()} days**`);
    expect(TEXT).toContain(`No export named ${rolloutMachineExport(ENGINE)} found`);
  });

  it('holds JSON that is JSON', () => {
    const json = FENCES.filter(({ language }) => language === 'json');
    expect(json).toHaveLength(2);
    for (const { text } of json) expect(() => JSON.parse(text)).not.toThrow();
  });

  it.each(['Octopus', 'Bamboo', 'Argo Workflows', 'Argo CD', 'Jenkins', 'GitLab'])(
    'says how %s calls it',
    (ci) => {
      expect(TEXT).toMatch(new RegExp(`^\\| \\*\\*${ci}\\*\\* \\|`, 'm'));
    },
  );
});
