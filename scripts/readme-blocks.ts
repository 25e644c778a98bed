// The generated blocks of the README and how they get into it; the staleness test uses the same functions.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../src/cli/program.ts';
import { workflow } from '../src/core/workflow.ts';
import { workflowDiagram } from './workflow-diagram.ts';

export interface ReadmeBlock {
  /** The block stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->`. */
  readonly name: string;
  readonly make: () => Promise<string>;
}

export const README_BLOCKS: readonly ReadmeBlock[] = [
  {
    name: 'workflow',
    make: async () => fenced('mermaid', workflowDiagram(workflow({ tickSeconds: 60 }))),
  },
  { name: 'demo', make: async () => fenced('text', await demoOutput()) },
];

/** Throws when the markers of a block are missing. */
export async function withFreshBlocks(readme: string): Promise<string> {
  let fresh = readme;
  for (const { name, make } of README_BLOCKS) {
    const marked = new RegExp(`(<!-- ${name}:begin[^>]*-->\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
    if (!marked.test(fresh)) throw new Error(`README.md has no block ${name}`);
    const block = await make();
    fresh = fresh.replace(marked, (_whole, begin: string, end: string) => `${begin}${block}\n${end}`);
  }
  return fresh;
}

/** What `npm start` prints on stdout; the reports go to a folder that is thrown away. */
async function demoOutput(): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), 'stepshift-readme-'));
  try {
    let output = '';
    const code = await runCli(['demo'], {
      writeOut: (text) => {
        output += text;
      },
      writeErr: () => {},
      isTerminal: { out: false, err: false },
      cwd,
      env: {},
    });
    if (code !== 0) throw new Error(`the demo ended with ${code}`);
    return output.trimEnd();
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
