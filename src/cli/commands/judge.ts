// `stepshift judge`: the judge as a filter. Reads the line protocol on stdin, answers on stdout, line by line and at once.
import { type AnswerLine, judgeLines } from '../../replay/judge-lines.ts';
import { stepshiftJudge } from '../../replay/line-judge.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { withFirstProblems } from '../first-problems.ts';
import { textLines } from '../text-lines.ts';

/** Where messages come from and answers go. */
export interface JudgeStreams {
  readonly input: AsyncIterable<Uint8Array | string>;
  /** Resolves once the text was handed over; false when nobody reads any more. */
  readonly write: (text: string) => Promise<boolean>;
}

export const judgeCommand = judgeCommandOn(() => ({
  input: process.stdin,
  write: lineWriter(process.stdout),
}));

export function judgeCommandOn(open: () => JudgeStreams): CliCommand {
  return {
    verb: 'judge',
    summary: 'Judge recorded periods from stdin, one answer a line',
    notes: ['The messages (start, period, end) and the answers are described in docs/replay.md.'],
    examples: ['judge < examples/replay/line-protocol.jsonl'],
    exitCodes: { promotedOrClean: 'every message was answered, whatever the verdicts' },
    configure: (command) => {
      // each answer is a line of JSON already, so nothing may follow the last one
      command.hook('preAction', (_program, sub) => void sub.setOptionValue('format', 'ndjson'));
    },
    run: async () => {
      const { input, write } = open();
      await withFirstProblems(() => answerAll(input, write, judgeLines(stepshiftJudge())));
      return { code: EXIT.promotedOrClean, data: null, text: '', lines: [] };
    },
  };
}

async function answerAll(
  input: JudgeStreams['input'],
  write: JudgeStreams['write'],
  answerTo: AnswerLine,
): Promise<void> {
  for await (const { text, number } of textLines(input, 'stdin')) {
    const answer = answerTo(text, `stdin:${number}`);
    if (answer !== null && !(await write(`${JSON.stringify(answer)}\n`))) return;
  }
}

/** Waits for each line to leave, so that an answer is never kept back and a slow reader slows us down. */
function lineWriter(stream: NodeJS.WritableStream): JudgeStreams['write'] {
  // the error also comes to the callback; without a listener it would end the process
  stream.on('error', () => {});
  return (text) =>
    new Promise((resolve, reject) => {
      stream.write(text, (error) => {
        if (error === null || error === undefined) resolve(true);
        else if ((error as NodeJS.ErrnoException).code === 'EPIPE') resolve(false);
        else reject(error);
      });
    });
}
