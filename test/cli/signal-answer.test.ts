// What is made of an engine's refusal of a signal: the problem it named, where this release knows it.
import { describe, expect, it } from 'vitest';
import { adviceOn } from '../../src/cli/problems.ts';
import { readSignalAnswer } from '../../src/cli/signal-answer.ts';
import { InvalidInputError } from '../../src/core/errors.ts';

const ASKED = { rolloutId: 'checkout-42-1', signal: 'approve' };

function refusalOf(errorMessage: string) {
  try {
    readSignalAnswer('Unhandled', JSON.stringify({ errorType: 'InvalidInputError', errorMessage }), ASKED);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems;
    throw error;
  }
  throw new Error('it was taken');
}

describe('a signal that was refused', () => {
  it('is told as the problem that the engine named', () => {
    expect(refusalOf('not-the-current-stage: r1 is not at stage 2 (stageIndex)')).toMatchObject([
      { code: 'not-the-current-stage', what: 'r1 is not at stage 2', got: 'approve checkout-42-1' },
    ]);
  });

  it.each([
    ['a code of another release', 'not-on-a-sunday: it is Sunday (calendar)'],
    ['more than one problem', 'not-the-current-stage: a (b); request-invalid: c (d)'],
    ['no problem at all', 'something else'],
  ])('is told in the engine’s own words: %s', (_why, message) => {
    expect(refusalOf(message)).toMatchObject([{ code: 'signal-refused', what: message }]);
  });
});

describe('advice on a sentence that came without its fix', () => {
  it('is that of the registry for the code in it', () => {
    const [fix, more] = adviceOn('Not started: service-unknown: no service named nobody is registered');
    expect(fix).toMatch(/^ {2}Fix: Deploy the stack of the service/);
    expect(more).toBe('  More: docs/errors.md#service-unknown');
  });

  it.each(['Not started: no service named nobody', 'Not started: not-on-a-sunday: it is Sunday'])(
    'is none where there is no code that is known: %s',
    (sentence) => {
      expect(adviceOn(sentence)).toEqual([]);
    },
  );
});
