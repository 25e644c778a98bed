// `npm run gameday`: the doorway to a real account. Ctrl-C ends the day, not the removing.

import { failureOf } from '../src/cli/failures.ts';
import { renderProblems } from '../src/cli/problems.ts';
import { awsWorld } from './aws/world.ts';
import { EXPERIMENTS } from './experiments/index.ts';
import { runGameDay } from './run/game-day.ts';

const stop = new AbortController();
const remark = (line: string): void => void process.stderr.write(`${line}\n`);

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    remark(
      stop.signal.aborted
        ? 'Still removing what was made. If this is killed: npm run gameday -- --clean'
        : 'Stopping: what was made is removed first, which takes some minutes.',
    );
    stop.abort();
  });
}

try {
  process.exitCode = await runGameDay(
    process.argv.slice(2),
    { writeOut: (text) => void process.stdout.write(text), remark },
    EXPERIMENTS,
    (options) => awsWorld(options, stop.signal, remark),
  );
} catch (error) {
  const { code, problems } = failureOf(error, process.env);
  remark(renderProblems(problems, process.stderr.isTTY === true));
  process.exitCode = code;
}
