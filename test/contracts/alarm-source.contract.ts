// What every alarm source promises.
import { beforeEach, describe, expect, it } from 'vitest';
import type { AlarmReading } from '../../src/core/judge/types.ts';
import type { AlarmSource } from '../../src/ports.ts';

export interface AlarmDriver {
  readonly source: AlarmSource;
  /** Makes or changes an alarm. Where the world knows only one type of alarm, `type` means nothing. */
  set(
    name: string,
    state: Exclude<AlarmReading['state'], 'MISSING'>,
    reason: string,
    atMs: number,
    type?: 'metric' | 'composite',
  ): void;
  remove(name: string): void;
}

const AT_MS = Date.UTC(2026, 0, 5, 9, 30);

export function alarmSourceContract(name: string, factory: () => Promise<AlarmDriver>): void {
  describe(`${name} keeps the promises of an alarm source`, () => {
    let driver: AlarmDriver;
    beforeEach(async () => {
      driver = await factory();
    });

    it('answers nothing when nothing is asked', async () => {
      expect(await driver.source.read([])).toEqual([]);
    });

    it('reads state, reason and time of each alarm, in the order of the names', async () => {
      driver.set('Slow', 'OK', 'below 500 ms', AT_MS);
      driver.set('Errors', 'ALARM', 'over 1 %', AT_MS + 1000);
      driver.set('Quiet', 'INSUFFICIENT_DATA', 'no data', AT_MS + 2000);
      const readings = [
        { name: 'Quiet', state: 'INSUFFICIENT_DATA', reason: 'no data', updatedAtMs: AT_MS + 2000 },
        { name: 'Slow', state: 'OK', reason: 'below 500 ms', updatedAtMs: AT_MS },
        { name: 'Errors', state: 'ALARM', reason: 'over 1 %', updatedAtMs: AT_MS + 1000 },
      ];
      expect(await driver.source.read(['Quiet', 'Slow', 'Errors'])).toEqual(readings);
    });

    it('reads metric and composite alarms alike', async () => {
      driver.set('Errors', 'OK', 'below 1 %', AT_MS, 'metric');
      driver.set('Anything', 'ALARM', 'one of them', AT_MS, 'composite');
      const states = (await driver.source.read(['Errors', 'Anything'])).map(({ state }) => state);
      expect(states).toEqual(['OK', 'ALARM']);
    });

    it('says MISSING for an alarm that is not there, or no longer', async () => {
      driver.set('Errors', 'OK', 'below 1 %', AT_MS);
      driver.set('Slow', 'OK', 'below 500 ms', AT_MS);
      driver.remove('Slow');
      const readings = await driver.source.read(['Nothing', 'Errors', 'Slow']);
      expect(readings.map(({ name, state }) => `${name} ${state}`)).toEqual([
        'Nothing MISSING',
        'Errors OK',
        'Slow MISSING',
      ]);
      expect(readings[0]?.updatedAtMs).toBeNull();
    });

    it('shows a change at once', async () => {
      driver.set('Errors', 'OK', 'below 1 %', AT_MS);
      await driver.source.read(['Errors']);
      driver.set('Errors', 'ALARM', 'over 1 %', AT_MS + 60_000);
      expect(await driver.source.read(['Errors'])).toEqual([
        { name: 'Errors', state: 'ALARM', reason: 'over 1 %', updatedAtMs: AT_MS + 60_000 },
      ]);
    });

    it('reads as many alarms as a service may name and more than one request takes', async () => {
      const names = Array.from({ length: 230 }, (_, index) => `Alarm${index}`);
      for (const one of names.toReversed()) driver.set(one, 'OK', 'fine', AT_MS);
      expect((await driver.source.read(names)).map((reading) => reading.name)).toEqual(names);
    });
  });
}
