// Every example ends as its golden timeline says. `npm run golden` rewrites them after a wanted change.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXAMPLE_NAMES, EXAMPLES_FOLDER, goldenFile, play, played } from './examples.ts';

describe('an example', () => {
  it.each(EXAMPLE_NAMES)('%s plays as its golden timeline says', async (name) => {
    const { text } = await played(name);
    await expect(text).toMatchFileSnapshot(goldenFile(name));
  });

  it('plays the same way twice', async () => {
    expect(await play('rollback-api-throttled')).toEqual(await played('rollback-api-throttled'));
  });

  it('plays differently with other requests', async () => {
    const other = await play('error-spike', { seed: 2 });
    expect(other.result.outcome).toBe('ROLLED_BACK');
    expect(other.result.exposure).not.toEqual((await played('error-spike')).result.exposure);
  });
});

describe('the list of examples', () => {
  it('names every folder with what happens and how it ends', async () => {
    const rows: string[] = [];
    for (const name of EXAMPLE_NAMES) {
      const { description, result } = await played(name);
      rows.push(`| [${name}](${name}/timeline.golden.txt) | ${description} | ${result.outcome} |`);
    }
    await expect(listOf(rows)).toMatchFileSnapshot(join(EXAMPLES_FOLDER, 'README.md'));
  });
});

function listOf(rows: readonly string[]): string {
  return `# Examples

A folder each: \`service.yaml\` is what a team writes, \`scenario.yaml\` is what the world does, \`timeline.golden.txt\` is how it
ends. Play one with \`npm run -s stepshift -- simulate examples/error-spike\`. This list and the timelines are written by
\`npm run golden\` and tested.

| example | what happens | how it ends |
|---|---|---|
${rows.join('\n')}

Bad requests in a timeline are those of the new version that failed or hung, and those slower than \`checks.latency.limit\` where
that limit says \`onLimit: rollback\`. A lost conversion is no bad request, nor is a throttled attempt, which no version ever saw.

\`data/\` holds the recorded load series behind the real-load examples, with their licence.
`;
}
