// What every rollout store promises. The factory gives an empty store; it is disposed of after each test.
import { afterEach, beforeEach, describe } from 'vitest';
import type { RolloutStore } from '../../src/ports.ts';
import { endPromises, revertPromises } from './rollout-store-end.ts';
import { evidencePromises } from './rollout-store-evidence.ts';
import { forwardPromises, leasePromises } from './rollout-store-fence.ts';
import { latchPromises } from './rollout-store-latch.ts';
import { preparationPromises, rowPromises, servicePromises } from './rollout-store-rows.ts';

export interface StoreUnderTest {
  readonly store: RolloutStore;
  readonly dispose?: () => Promise<void>;
}

export function rolloutStoreContract(name: string, factory: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the promises of a rollout store`, () => {
    let underTest: StoreUnderTest;
    beforeEach(async () => {
      underTest = await factory();
    });
    afterEach(async () => {
      await underTest.dispose?.();
    });
    const store = (): RolloutStore => underTest.store;

    describe('services', () => servicePromises(store));
    describe('rows', () => rowPromises(store));
    describe('preparation', () => preparationPromises(store));
    describe('lease', () => leasePromises(store));
    describe('the way forward', () => forwardPromises(store));
    describe('latch', () => latchPromises(store));
    describe('the way back', () => revertPromises(store));
    describe('the end', () => endPromises(store));
    describe('evidence', () => evidencePromises(store));
  });
}
