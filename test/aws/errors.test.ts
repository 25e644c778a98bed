// Which of AWS's errors mean «try again», which mean «not allowed», and that all others keep their name.
import { describe, expect, it } from 'vitest';
import { awsCall } from '../../src/aws/errors.ts';
import { PermissionError, TransientError } from '../../src/core/errors.ts';

function sdkError(name: string, more: object = {}): Error {
  return Object.assign(new Error('as AWS says it'), { name, ...more });
}

async function thrownFor(error: unknown): Promise<unknown> {
  return awsCall('GetAlias checkout:live', () => Promise.reject(error)).catch((thrown: unknown) => thrown);
}

describe('awsCall', () => {
  it('answers what the call answers', async () => {
    expect(await awsCall('anything', async () => 42)).toBe(42);
  });

  it.each([
    sdkError('ThrottlingException'),
    sdkError('TooManyRequestsException', { $fault: 'client', $metadata: { httpStatusCode: 429 } }),
    sdkError('ProvisionedThroughputExceededException'),
    sdkError('ServiceException', { $fault: 'server', $metadata: { httpStatusCode: 500 } }),
    sdkError('SomethingNew', { $metadata: { httpStatusCode: 503 } }),
    sdkError('TimeoutError'),
    sdkError('Error', { code: 'ECONNRESET' }),
  ])('calls $name transient', async (error) => {
    const thrown = await thrownFor(error);
    expect(thrown).toBeInstanceOf(TransientError);
    expect(thrown).toMatchObject({ name: 'TransientError', cause: error });
    expect(String(thrown)).toContain('GetAlias checkout:live');
  });

  it.each([
    sdkError('AccessDeniedException', { $metadata: { httpStatusCode: 400 } }),
    sdkError('UnauthorizedOperation'),
    sdkError('ExpiredTokenException'),
    sdkError('CredentialsProviderError'),
    sdkError('SomethingNew', { $metadata: { httpStatusCode: 403 } }),
  ])('calls $name a missing permission', async (error) => {
    expect(await thrownFor(error)).toBeInstanceOf(PermissionError);
  });

  it.each([
    sdkError('ResourceNotFoundException', { $metadata: { httpStatusCode: 404 } }),
    sdkError('PreconditionFailedException', { $metadata: { httpStatusCode: 412 } }),
    new TransientError('translated before'),
    'not even an error',
  ])('leaves everything else as it is', async (error) => {
    expect(await thrownFor(error)).toBe(error);
  });
});
