// The hunt in every test run: some seeds, every run that once failed, and that a seed is the same run each time.
import { describe, expect, it } from 'vitest';
import { readCorpus } from './corpus.ts';
import { FAULT_KINDS } from './fault-kinds.ts';
import type { Mutation } from './mutation.ts';
import { runSeed } from './run-seed.ts';
import { smallest } from './shrink.ts';

const SEEDS = Array.from({ length: 50 }, (_, index) => 7_000_000 + index);

describe('the hunt', () => {
  it('finds no violation in some seeds', async () => {
    const kinds = new Set<string>();
    const outcomes = new Set<string>();
    for (const seed of SEEDS) {
      const result = await runSeed(seed);
      expect(result.violations, `npm run -s hunt -- --seed ${seed}`).toEqual([]);
      for (const kind of result.faults.values()) kinds.add(kind);
      for (const outcome of result.outcomes) outcomes.add(outcome);
    }
    // most of what can go wrong went wrong, so that this says something
    expect(kinds.size).toBeGreaterThan(FAULT_KINDS.length * 0.8);
    expect([...outcomes].toSorted()).toEqual([
      'ABORTED',
      'PROMOTED',
      'REJECTED',
      'ROLLED_BACK',
      'SUPERSEDED',
    ]);
  });

  it.each(readCorpus())('seed $seed, which once violated $invariant, does so no longer', async (entry) => {
    const only = entry.only === null ? null : new Set(entry.only);
    const { violations } = await runSeed(entry.seed, { only });
    expect(violations).toEqual([]);
  });

  it('plays the same run for the same seed', async () => {
    for (const seed of SEEDS.slice(0, 6)) {
      const [one, other] = [await runSeed(seed), await runSeed(seed)];
      expect(other.trace).toEqual(one.trace);
      expect([...other.faults]).toEqual([...one.faults]);
    }
  });

  it('plays the same run from the list of what happened in it', async () => {
    for (const seed of SEEDS.slice(6, 10)) {
      const whole = await runSeed(seed);
      const again = await runSeed(seed, { only: new Set(whole.faults.keys()) });
      expect(again.trace.moments).toEqual(whole.trace.moments);
    }
  });

  it('finds a step that skips what it should do, and what it takes to see it', async () => {
    const forgetful: Mutation = {
      name: 'rollback-without-a-write',
      says: '«Roll back» closes the rollout and leaves traffic where it is',
      ports: (ports, caller) => (caller.step === 'roll-back' ? withoutRestore(ports, caller) : ports),
    };
    const seed = await firstFailing(forgetful);
    expect(seed).not.toBeNull();
    expect((await runSeed(seed ?? 0)).violations).toEqual([]);
  });

  it('makes a failing run as small as it can', async () => {
    const fails = async (some: readonly string[]): Promise<boolean> =>
      some.includes('c') && some.includes('f');
    expect(await smallest(['a', 'b', 'c', 'd', 'e', 'f', 'g'], fails)).toEqual(['c', 'f']);
  });
});

async function firstFailing(mutation: Mutation): Promise<number | null> {
  for (const seed of SEEDS) {
    if ((await runSeed(seed, { mutation })).violations.length > 0) return seed;
  }
  return null;
}

const withoutRestore: NonNullable<Mutation['ports']> = (ports) => {
  const routers = Object.entries(ports.routers).map(([kind, router]) => {
    const restore: typeof router.restore = async (order, authorise) => {
      await authorise();
      const found = await router.verify(order);
      return { found, live: { ...found, canaryPercent: 0, stablePercent: 100 } };
    };
    return [kind, { ...router, restore }] as const;
  });
  return { ...ports, routers: Object.fromEntries(routers) as typeof ports.routers };
};
