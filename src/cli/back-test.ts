// `stepshift replay --history DIR`: every recording of a folder is judged, as the service file is and what if.
import { InvalidInputError, type Problem } from '../core/errors.ts';
import { plainText } from '../core/plain-text.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { type BackTestRow, backTestRow, backTestScore } from '../replay/back-test.ts';
import { type ReplayOptions, replay } from '../replay/replay.ts';
import { backTestText } from './back-test-text.ts';
import { type CommandContext, type CommandResult, EXIT } from './command.ts';
import { plainProblem } from './problems.ts';
import { listRecordings, noRollout, readRecordings } from './recording-source.ts';

/** The service file as it is and, where something is asked, as it would be. */
export interface Policies {
  readonly asIs: ServiceSpec;
  readonly changed: ServiceSpec | null;
  /** As they were written. */
  readonly changes: readonly string[];
}

export interface BackTestWish extends ReplayOptions {
  readonly folder: string;
  readonly policies: Policies;
}

/** One rollout under both policies. */
export interface BackTestPair {
  readonly asIs: BackTestRow;
  readonly whatIf: BackTestRow | null;
}

interface Broken {
  readonly file: string;
  readonly problems: readonly Problem[];
}

/** Throws InvalidInputError when there is nothing to test; a file that is wrong is counted and the others go on. */
export async function backTest(wish: BackTestWish, context: CommandContext): Promise<CommandResult> {
  const files = await listRecordings(context.cwd, wish.folder);
  const pairs: BackTestPair[] = [];
  const broken: Broken[] = [];
  const progress = progressOn(context, files.length);
  for (const [index, file] of files.entries()) {
    try {
      pairs.push(...(await replayFile(file, wish, context.cwd)));
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      broken.push({ file, problems: error.problems });
      context.remark(`${file} is left out: ${plainText(wordsOf(error.problems))}`);
    }
    progress(index + 1);
  }
  const { changes, changed, asIs } = wish.policies;
  const score = backTestScore(pairs.map((pair) => pair.asIs));
  const whatIfScore =
    changed === null ? null : backTestScore(pairs.flatMap(({ whatIf }) => (whatIf === null ? [] : [whatIf])));
  const summary = {
    service: asIs.service,
    asIs: score,
    whatIf: whatIfScore === null ? null : { changes, ...whatIfScore },
    broken: broken.map(({ file, problems }) => ({ file, problems: problems.map(plainProblem) })),
  };
  return {
    code: broken.length > 0 ? EXIT.invalidInput : EXIT.promotedOrClean,
    data: { ...summary, recordings: pairs },
    text: backTestText(
      {
        folder: wish.folder,
        service: asIs.service,
        score,
        whatIfScore,
        changes,
        pairs,
        broken: broken.length,
      },
      context,
    ),
    lines: [...pairs, summary],
  };
}

/** All or nothing: half a file would be a sample nobody chose. */
async function replayFile(
  file: string,
  { policies, latenessSeconds }: BackTestWish,
  cwd: string,
): Promise<readonly BackTestPair[]> {
  const pairs: BackTestPair[] = [];
  for await (const recording of readRecordings(cwd, file, policies.asIs)) {
    const rowFor = (spec: ServiceSpec): BackTestRow =>
      backTestRow(recording, replay(recording, spec, { latenessSeconds }));
    pairs.push({
      asIs: rowFor(policies.asIs),
      whatIf: policies.changed === null ? null : rowFor(policies.changed),
    });
  }
  if (pairs.length === 0) throw noRollout(file);
  return pairs;
}

function wordsOf(problems: readonly Problem[]): string {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return first === undefined ? '' : `${first.what}, ${first.where}${more}`;
}

/** Where a person looks, one line that is written anew; else a line at every tenth. */
function progressOn({ remark, screen }: CommandContext, total: number): (done: number) => void {
  let tenths = 0;
  let isFirst = true;
  return (done) => {
    const reached = Math.floor((10 * done) / total);
    if (screen === null && reached === tenths) return;
    tenths = reached;
    const words = `replayed ${done} of ${total} files`;
    remark(screen !== null && !isFirst ? `${UP_AND_CLEAR}${words}` : words);
    isFirst = false;
  };
}

/** ANSI: cursor up one line, erase the line. */
const UP_AND_CLEAR = '\u001b[1A\u001b[2K';
