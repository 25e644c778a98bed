// What every SDK client has in common: it answers or fails well before its function times out.

/**
 * Four attempts of at most 8 s and the waits between them stay under the 100 s of a function. Without
 * `throwOnRequestTimeout` the SDK only logs a request that hangs.
 */
export const CLIENT_CONFIG = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
} as const;
