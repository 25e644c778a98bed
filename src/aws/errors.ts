// Translates what an AWS client throws into the two names the workflow knows: try again, or not allowed. The rest keeps
// its own name.
import { PermissionError, TransientError } from '../core/errors.ts';

/** Names that services give to trouble that passes. Source: the SDK's retry constants (@smithy/service-error-classification). */
const TRANSIENT_NAMES: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'InternalError',
  'InternalFailure',
  'InternalServerError',
  'InternalServiceError',
  'KMSThrottlingException',
  'KmsThrottlingException',
  'LimitExceededFault',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

const NETWORK_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

const PERMISSION_NAMES: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'KMSAccessDeniedException',
  'KmsAccessDeniedException',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'SignatureDoesNotMatch',
  'UnauthorizedOperation',
  'UnrecognizedClientException',
]);

/** The shape of an SDK error, as far as it is read here. */
interface SdkErrorShape {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $fault?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Runs one call. `doing` names it for people, for example `UpdateAlias checkout:live`. */
export async function awsCall<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translateAwsError(error, doing);
  }
}

/** TransientError, PermissionError, or the error itself. */
function translateAwsError(error: unknown, doing: string): unknown {
  if (!(error instanceof Error)) return error;
  const { name = '', code = '', message, $fault, $metadata }: SdkErrorShape = error;
  const status = $metadata?.httpStatusCode ?? 0;
  const sentence = `${doing}: ${name}: ${message}`;
  if (PERMISSION_NAMES.has(name) || status === 401 || status === 403)
    return new PermissionError(sentence, error);
  const isTransient =
    TRANSIENT_NAMES.has(name) ||
    NETWORK_CODES.has(code) ||
    $fault === 'server' ||
    status >= 500 ||
    status === 429;
  return isTransient ? new TransientError(sentence, error) : error;
}

/** True for an error of the service with that name, before any translation. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
