// How long SDK clients wait and how often they try: a call answers or fails well before its function times out, and one
// connection that hangs costs the way back seconds.
// The retry mode is the SDK's standard one everywhere: the adaptive one holds back a write for what calls before it met,
// and the workflow's own Retry already spreads the tries of a function.

export interface ClientConfig {
  /** The first try is one of them. */
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly socketTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

/** One try ends after `answerMs` without an answer, and after as long again where an answer begins and then breaks off. */
function clientConfig(maxAttempts: number, connectMs: number, answerMs: number): ClientConfig {
  return {
    maxAttempts,
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: answerMs,
      // the time-out of a request ends with the head of its answer; this one sees to the body
      socketTimeout: answerMs,
      // without it the SDK only logs a request that hangs
      throwOnRequestTimeout: true,
    },
  };
}

/** Metrics, executions, notifications and what a person waits for: 32 s at the most, of the 100 s of a function. */
export const CLIENT_CONFIG = clientConfig(4, 2_000, 8_000);

/**
 * Targets and the roles that lead to them: 16 s at the most. «Roll back» makes several such calls one after the other, and
 * what fails has to fail early enough to be told and tried again.
 */
export const TARGET_CLIENT_CONFIG = clientConfig(4, 1_000, 4_000);

/**
 * The table and the event bus answer within milliseconds if at all: 8 s at the most. The way back waits 10 s for the record
 * before it goes on without it, and two connections that hang must not make it do so.
 */
export const RECORD_CLIENT_CONFIG = clientConfig(4, 1_000, 2_000);
