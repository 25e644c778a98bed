// A day that a person stops: what waits is woken by this error, and what was made is removed.

export class StoppedError extends Error {
  constructor() {
    super('stopped by a person');
    this.name = 'StoppedError';
  }
}

/** Those that make the whole day pointless. Source: the common errors of AWS's service API references. */
const FATAL_NAMES: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'StoppedError',
]);

export function isFatal(error: unknown): boolean {
  return error instanceof Error && (FATAL_NAMES.has(error.name) || isFatal(error.cause));
}

/** Trouble that passes, by its name: throttling and unavailability. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof Error &&
    (/Throttl|TooManyRequests|RequestLimitExceeded|ServiceUnavailable|TransientError|TimeoutError/.test(
      error.name,
    ) ||
      isPassing(error.cause))
  );
}
