// A file may have the same mistake in every line: the first problems are told, the others are counted.
import { InvalidInputError } from '../core/errors.ts';

const MAX_PROBLEMS = 10;

/** Does the work; of an InvalidInputError with many problems the first ten go on, and one that tells how many more. */
export async function withFirstProblems<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw firstProblems(error);
  }
}

function firstProblems(error: InvalidInputError): InvalidInputError {
  const { problems } = error;
  const [first] = problems;
  if (first === undefined || problems.length <= MAX_PROBLEMS) return error;
  return new InvalidInputError([
    ...problems.slice(0, MAX_PROBLEMS),
    {
      code: 'more-problems',
      what: `and ${problems.length - MAX_PROBLEMS} more`,
      where: fileOf(first.where),
      got: '',
      allowed: '',
      fix: 'Mend the first ones and try again',
    },
  ]);
}

/** `data.json (canary_errors)` → `data.json` */
function fileOf(where: string): string {
  return where.replace(/ \(.*\)$/, '');
}
