// Values of command-line options: understood, or refused with what is allowed.
import { InvalidInputError } from '../core/errors.ts';

export interface OptionShape<T> {
  /** As it is written, for example `--seed`. */
  readonly flag: string;
  readonly allowed: string;
  readonly parse: (text: string) => T | undefined;
  readonly isAllowed?: (value: T) => boolean;
}

/** For an option that may be given again: its values in their order. */
export function collect(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}

/** More of a value helps nobody. */
const MAX_SHOWN_CHARACTERS = 60;

/** undefined when the option was not given. Throws InvalidInputError (`wrong-option`). */
export function parseOption<T>(given: unknown, shape: OptionShape<T>): T | undefined {
  if (given === undefined) return undefined;
  const text = String(given);
  const value = shape.parse(text);
  if (value !== undefined && (shape.isAllowed?.(value) ?? true)) return value;
  throw new InvalidInputError([
    {
      code: 'wrong-option',
      what: `${shape.flag} cannot be ${shownValue(text)}`,
      where: 'command line',
      got: gotText(text),
      allowed: shape.allowed,
      fix: `Write ${shape.allowed}`,
    },
  ]);
}

function gotText(text: string): string {
  if (text.trim() === '') return 'nothing';
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.length} characters` : text;
}

function shownValue(text: string): string {
  if (text.trim() === '') return 'empty';
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS - 1)}…` : text;
}
