// What everything that answers waiting tasks promises.
import { beforeEach, describe, expect, it } from 'vitest';
import type { TaskTokens } from '../../src/ports.ts';

export type Settled =
  | { readonly state: 'waiting' | 'woken' }
  | { readonly state: 'failed'; readonly error: string; readonly cause: string };

export interface TokenDriver {
  readonly tokens: TaskTokens;
  /** A task begins to wait; answers its token. */
  open(): Promise<string>;
  /** The task of this token times out. */
  expire(token: string): Promise<void>;
  /** How the wait stands. */
  settled(token: string): Promise<Settled>;
  /** The next call fails with an error that says nothing about the token. */
  breakNext(): void;
}

export function taskTokensContract(name: string, factory: () => Promise<TokenDriver>): void {
  describe(`${name} keeps the promises of task tokens`, () => {
    let driver: TokenDriver;
    beforeEach(async () => {
      driver = await factory();
    });

    it('wakes the task that waits, and only that one', async () => {
      const token = await driver.open();
      const other = await driver.open();
      expect(await driver.tokens.wake(token)).toBe('sent');
      expect(await driver.settled(token)).toEqual({ state: 'woken' });
      expect(await driver.settled(other)).toEqual({ state: 'waiting' });
    });

    it('fails the task that waits, with error name and cause', async () => {
      const token = await driver.open();
      expect(await driver.tokens.fail(token, 'Interrupted', 'Checkout5xx fired')).toBe('sent');
      expect(await driver.settled(token)).toEqual({
        state: 'failed',
        error: 'Interrupted',
        cause: 'Checkout5xx fired',
      });
    });

    it('says so when a token was answered before, and the first answer stands', async () => {
      const token = await driver.open();
      await driver.tokens.wake(token);
      expect(await driver.tokens.fail(token, 'Interrupted', 'too late')).toBe('already-handled');
      expect(await driver.tokens.wake(token)).toBe('already-handled');
      expect(await driver.settled(token)).toEqual({ state: 'woken' });
    });

    it('says so when the wait timed out, or when nobody knows the token', async () => {
      const token = await driver.open();
      await driver.expire(token);
      expect(await driver.tokens.fail(token, 'Interrupted', 'too late')).toBe('already-handled');
      expect(await driver.tokens.wake(token)).toBe('already-handled');
      expect(await driver.tokens.wake('nobody-knows-it')).toBe('already-handled');
    });

    it('takes no other trouble for an answer: it throws, and the task still waits', async () => {
      const token = await driver.open();
      driver.breakNext();
      await expect(driver.tokens.fail(token, 'Interrupted', 'now')).rejects.toThrow();
      driver.breakNext();
      await expect(driver.tokens.wake(token)).rejects.toThrow();
      expect(await driver.settled(token)).toEqual({ state: 'waiting' });
      expect(await driver.tokens.wake(token)).toBe('sent');
    });
  });
}
