// The rollouts whose reports are opened, played by the real command line, and what is known of each without its report.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import type { simulationData } from '../../../src/cli/commands/simulate.ts';

export const TREE = fileURLToPath(new URL('../../..', import.meta.url));

/** What `simulate --format json` says. */
export type Truth = ReturnType<typeof simulationData>;

export interface PlayedRollout {
  readonly name: string;
  readonly file: string;
  readonly truth: Truth;
}

/** One for each way in which a report can look. */
const EXAMPLES = [
  { name: 'rolled-back', example: 'error-spike' },
  { name: 'rolled-back-by-an-alarm', example: 'alarm-fires' },
  { name: 'promoted', example: 'healthy' },
  { name: 'aborted', example: 'aborted-by-person' },
  { name: 'rejected', example: 'version-missing' },
  { name: 'superseded', example: 'hotfix-supersedes' },
  { name: 'inconclusive', example: 'no-traffic' },
  { name: 'load-balancer', example: 'alb-hang' },
  { name: 'a-day-long', example: 'low-traffic' },
] as const;

/** Still waits for an approval when the simulation ends. */
const CUT_OFF = { name: 'cut-off', example: 'approval', horizon: '40m' } as const;

export const ROLLOUT_NAMES = [...EXAMPLES, CUT_OFF].map(({ name }) => name);

const run = promisify(execFile);

export async function playRollouts(folder: string): Promise<readonly PlayedRollout[]> {
  const cutOff = cutShort(folder);
  const sources = [
    ...EXAMPLES.map(({ name, example }) => ({ name, source: join(TREE, 'examples', example) })),
    { name: CUT_OFF.name, source: cutOff },
  ];
  // two at a time: each is one busy process
  const halves = [0, 1].map((half) => sources.filter((_, index) => index % 2 === half));
  const played = await Promise.all(
    halves.map(async (half) => {
      const done: PlayedRollout[] = [];
      for (const { name, source } of half) done.push(await play(name, source, folder));
      return done;
    }),
  );
  return played.flat();
}

async function play(name: string, source: string, folder: string): Promise<PlayedRollout> {
  const file = join(folder, `${name}.html`);
  const args = [join(TREE, 'bin/stepshift.ts'), 'simulate', source, '--format', 'json', '--report', file];
  // a rollout that ends badly has an exit code of its own
  const { stdout } = await run(process.execPath, args, { maxBuffer: 64e6 }).catch((error) => error);
  if (!existsSync(file)) throw new Error(`the rollout ${name} was not played: ${stdout}`);
  return { name, file, truth: JSON.parse(stdout) };
}

function cutShort(folder: string): string {
  const source = join(folder, CUT_OFF.name);
  cpSync(join(TREE, 'examples', CUT_OFF.example), source, { recursive: true });
  const path = join(source, 'scenario.yaml');
  const scenario = parse(readFileSync(path, 'utf8'));
  writeFileSync(path, stringify({ ...scenario, people: [], horizon: CUT_OFF.horizon }));
  return source;
}
