// What every rollout store promises. The factory gives an empty store; it is disposed of after each test.
import { afterEach, beforeEach, describe } from 'vitest';
import type { RolloutStore } from '../../src/ports.ts';
import { type AuditedStore, auditPromises } from './rollout-store-audit.ts';
import { endPromises, revertPromises } from './rollout-store-end.ts';
import { legalEndPromises } from './rollout-store-ends.ts';
import { factPromises, storyPromises } from './rollout-store-evidence.ts';
import { forwardPromises, leasePromises } from './rollout-store-fence.ts';
import { latchPromises, tokenPromises } from './rollout-store-latch.ts';
import { preparationPromises, rowPromises, servicePromises } from './rollout-store-rows.ts';
import { pausePromises, signalPromises } from './rollout-store-signals.ts';
import { sweepPromises, watchPromises } from './rollout-store-watch.ts';

export interface StoreUnderTest extends AuditedStore {
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
    describe('a signal', () => signalPromises(store));
    describe('a pause', () => pausePromises(store));
    describe('token', () => tokenPromises(store));
    describe('the way back', () => revertPromises(store));
    describe('the end', () => endPromises(store));
    describe('which end can be reached', () => legalEndPromises(store));
    describe('the watch', () => watchPromises(store));
    describe('the last sweep', () => sweepPromises(store));
    describe('audit', () => auditPromises(() => underTest));
    describe('facts', () => factPromises(store));
    describe('the story', () => storyPromises(store));
  });
}
