// A judge that is spoken to line by line: one answer to each `period` and `end`, none to a `start`, none to a mistake.
import { parseJsonLine } from './faults.ts';
import { messageReader } from './line-messages.ts';
import type { Answer, LineJudge } from './line-protocol.ts';

/** Takes one line; `where` names it. null: nothing is to be answered. Throws InvalidInputError for a line that is wrong. */
export type AnswerLine = (line: string, where: string) => Answer | null;

export function judgeLines(judge: LineJudge): AnswerLine {
  const read = messageReader();
  return (line, where) => {
    const message = read(parseJsonLine(line, where), where);
    switch (message.type) {
      case 'start':
        judge.start(message);
        return null;
      case 'period':
        return judge.period(message);
      case 'end':
        return judge.end(message);
    }
  };
}
