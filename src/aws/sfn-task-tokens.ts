// Answers a waiting task of the workflow by its token.
import { SendTaskFailureCommand, SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { TaskTokens } from '../ports.ts';
import { CLIENT_CONFIG } from './client-config.ts';
import { awsCall, isNamed } from './errors.ts';

/** Longest cause that SendTaskFailure takes is 32,768 characters; people read less, and the document must hold it. */
const MAX_CAUSE_CHARACTERS = 1000;

export function sfnTaskTokens(client = new SFNClient(CLIENT_CONFIG)): TaskTokens {
  return {
    fail: (token, error, cause) => {
      const short = cause.slice(0, MAX_CAUSE_CHARACTERS);
      const command = new SendTaskFailureCommand({ taskToken: token, error, cause: short });
      return unlessHandled('SendTaskFailure', () => client.send(command));
    },
    wake: (token) => {
      const command = new SendTaskSuccessCommand({ taskToken: token, output: '{}' });
      return unlessHandled('SendTaskSuccess', () => client.send(command));
    },
  };
}

/** These two names and no others mean that the wait is over: it timed out, or somebody answered before. */
async function unlessHandled(
  doing: string,
  call: () => Promise<unknown>,
): Promise<'sent' | 'already-handled'> {
  try {
    await awsCall(doing, call);
    return 'sent';
  } catch (error) {
    if (isNamed(error, 'TaskTimedOut', 'TaskDoesNotExist')) return 'already-handled';
    throw error;
  }
}
