// How the doctor calls AWS: soon or not at all, and a refusal names the permission that was missing.
import { ReadRefused } from '../core/doctor.ts';
import { PermissionError } from '../core/errors.ts';
import type { ClientConfig } from './client-config.ts';
import { awsCall, isNamed } from './errors.ts';
import { pageToken } from './page-token.ts';

/** Somebody waits, and all calls run side by side: 9 s at the most. */
export const DOCTOR_CLIENT_CONFIG: ClientConfig = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    socketTimeout: 3_000,
    throwOnRequestTimeout: true,
  },
};

/**
 * Throws ReadRefused, TransientError or the service's own error.
 * @param action the IAM action, for example `lambda:GetAlias`
 */
export async function asked<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await awsCall(action, call);
  } catch (error) {
    if (error instanceof PermissionError) throw new ReadRefused(action, error.message, error);
    throw error;
  }
}

/** null where the service says by this name that there is no such thing. */
export async function unlessNamed<T>(name: string, call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (isNamed(error, name)) return null;
    throw error;
  }
}

/** All items of a list that comes in pages. */
export async function allPages<Page, Item>(
  read: (token: string | undefined) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
  tokenOf: (page: Page) => string | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    items.push(...(itemsOf(page) ?? []));
    token = pageToken(tokenOf(page));
  } while (token !== undefined);
  return items;
}

/** Asks once, however often it is asked. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/** The same for each key. */
export function oncePer<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (key) => {
    const known = answers.get(key) ?? ask(key);
    answers.set(key, known);
    return known;
  };
}
