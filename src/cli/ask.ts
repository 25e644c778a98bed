// Asks a person to choose one of a few: numbered lines and a prompt, on stderr, so that stdout stays data.
import { createInterface } from 'node:readline';
import { plainText } from '../core/plain-text.ts';
import type { Ask } from './command.ts';

/** Ctrl-C, Ctrl-D and the end of the input are a refusal, and so are three answers that are none of the numbers. */
export function askOn(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Ask {
  return (question, choices) => {
    output.write(`${plainText(question)}\n`);
    for (const [index, choice] of choices.entries()) output.write(`  ${index + 1}  ${plainText(choice)}\n`);
    const reader = createInterface({ input, output });
    let triesLeft = 3;
    return new Promise((resolve) => {
      const end = (chosen: string | null): void => {
        resolve(chosen);
        reader.close();
      };
      const prompt = (): void => {
        triesLeft -= 1;
        reader.question(`1–${choices.length}: `, (answer) => {
          const chosen = /^\d+$/.test(answer.trim()) ? choices[Number(answer) - 1] : undefined;
          if (chosen !== undefined || triesLeft === 0) end(chosen ?? null);
          else prompt();
        });
      };
      reader.on('SIGINT', () => end(null));
      reader.on('close', () => resolve(null));
      prompt();
    });
  };
}
