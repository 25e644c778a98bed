// What the examples of latency, custom checks and silence are there to show, whatever words their timelines use.
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/core/rollout.ts';
import { eventsOf } from '../sim/quick-service.ts';
import { play, played } from './examples.ts';

const SEEDS = [1, 2, 3];
const MINUTE_MS = 60_000;

describe('an example of a new input', () => {
  it.each<[string, Outcome]>([
    ['cold-starts', 'PROMOTED'],
    ['shared-incident-95', 'PROMOTED'],
  ])('%s ends %s with no word against the canary, on other seeds too', async (name, outcome) => {
    for (const seed of SEEDS) {
      const { result } = await play(name, { seed });
      expect([seed, result.outcome]).toEqual([seed, outcome]);
      expect(eventsOf(result)).not.toContain('canary-failed');
    }
  });

  it.each([
    ['slow-canary', 'latency'],
    ['thin-tail', 'latency'],
    ['latency', 'latency'],
    ['conversion-drop', 'conversion'],
    ['silent-canary', 'silence'],
  ])('%s is rolled back by the check %s, on other seeds too', async (name, check) => {
    for (const seed of SEEDS) {
      const { result } = await play(name, { seed });
      expect([seed, result.outcome, result.reason.check]).toEqual([seed, 'ROLLED_BACK', check]);
      expect(result.detectedAt).not.toBeNull();
    }
  });

  it.each(['cpu-high', 'low-traffic'])(
    '%s proves nothing, so a person is asked before any more traffic',
    async (name) => {
      const events = eventsOf((await played(name)).result);
      const asked = events.indexOf('decision-needed');
      expect(asked).toBeGreaterThan(events.indexOf('canary-inconclusive'));
      expect(events.slice(0, asked).filter((event) => event === 'traffic-shifted')).toHaveLength(1);
      expect(events).not.toContain('canary-failed');
    },
  );

  it('conversion-drop loses orders, which makes no request bad', async () => {
    const { exposure } = (await played('conversion-drop')).result;
    expect(exposure.badRequests / exposure.canaryRequests).toBeLessThan(0.005);
  });
});

describe('a canary whose every request hangs', () => {
  it.each([60, 300])(
    'until a time-out of %d s is taken back at most 4 minutes later',
    async (timeoutSeconds) => {
      for (const seed of SEEDS) {
        const { result } = await play(`hanging-canary-${timeoutSeconds}s`, { seed });
        const firstShift = result.timeline.find(({ event }) => event === 'traffic-shifted');
        const shiftedMs = Date.parse(firstShift?.at ?? '');
        const detectedMs = Date.parse(result.detectedAt ?? '');
        expect([seed, result.outcome]).toEqual([seed, 'ROLLED_BACK']);
        expect(detectedMs - shiftedMs).toBeLessThanOrEqual(timeoutSeconds * 1000 + 4 * MINUTE_MS);
        expect(result.exposure.badRequests).toBe(result.exposure.canaryRequests);
      }
    },
  );
});
