// Writes that meet another write on the same item at the same moment are sent again before anybody hears of it.
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransientError } from '../core/errors.ts';
import { awsCall, isNamed } from './errors.ts';

/** Two alarms at once write the same row: what is in the way of one of them is gone within milliseconds. */
const MAX_WRITE_TRIES = 5;
const PAUSE_FROM_MS = 20;
const PAUSE_TO_MS = 200;

/** Runs a write, and runs it again when it met another write on the same item: then nothing of it was done. */
export async function writeDespiteConflicts(
  pause: (ms: number) => Promise<void>,
  doing: string,
  call: () => Promise<unknown>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await awsCall(doing, call);
      return;
    } catch (error) {
      if (tries === MAX_WRITE_TRIES || !isConflict(error)) throw error;
      await pause(PAUSE_FROM_MS + Math.random() * (PAUSE_TO_MS - PAUSE_FROM_MS));
    }
  }
}

/** Source: DynamoDB developer guide, «Transaction conflict handling»; a plain write gets an exception of its own. */
function isConflict(error: unknown): boolean {
  if (error instanceof TransactionCanceledException) {
    const codes = cancellationCodes(error);
    return codes.includes('TransactionConflict') && !codes.includes('ConditionalCheckFailed');
  }
  return error instanceof TransientError && isNamed(error.cause, 'TransactionConflictException');
}

/** One code per item of the transaction, `None` where it was not to blame. */
export function cancellationCodes({ CancellationReasons = [] }: TransactionCanceledException): string[] {
  return CancellationReasons.map((reason) => reason.Code ?? 'None');
}
