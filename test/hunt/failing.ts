// A run that fails: its violations, the fewest faults that make it fail, and the command that plays it again.
import type { Violation } from '../../src/core/audit/trace.ts';
import { type CorpusEntry, keepInCorpus } from './corpus.ts';
import { runSeed } from './run-seed.ts';
import { smallest } from './shrink.ts';

export interface Failing {
  readonly seed: number;
  readonly violation: Violation;
  /** null: it was not made smaller. */
  readonly only: readonly string[] | null;
  readonly repro: string;
}

export async function lookInto(seed: number, violation: Violation, isShrinking: boolean): Promise<Failing> {
  const only = isShrinking ? await fewestFaults(seed, violation.invariant) : null;
  return { seed, violation, only, repro: reproOf(seed, only) };
}

async function fewestFaults(seed: number, invariant: string): Promise<readonly string[]> {
  const { faults } = await runSeed(seed);
  const fails = async (some: readonly string[]): Promise<boolean> => {
    const { violations } = await runSeed(seed, { only: new Set(some) });
    return violations.some((violation) => violation.invariant === invariant);
  };
  const all = [...faults.keys()];
  // what does not depend on the faults that are named needs no shrinking
  return (await fails(all)) ? smallest(all, fails) : all;
}

export function failingText({ seed, violation, only, repro }: Failing): string {
  const lines = [
    `seed ${seed}: ${violation.invariant} is violated: ${violation.sentence}`,
    ...(only === null ? [] : [`  fewest faults: ${only.length === 0 ? 'none' : only.join(' · ')}`]),
    `  play it again: ${repro}`,
  ];
  return `${lines.join('\n')}\n`;
}

export function keep({ seed, violation, only }: Failing): string {
  const entry: CorpusEntry = {
    seed,
    only: only === null ? null : [...only],
    invariant: violation.invariant,
    was: violation.sentence,
  };
  return keepInCorpus(entry);
}

function reproOf(seed: number, only: readonly string[] | null): string {
  const faults = (only ?? []).map((id) => ` --only '${id}'`).join('');
  // without any fault left nothing is named, and an id that nothing has leaves none
  const none = only?.length === 0 ? " --only 'none'" : '';
  return `npm run -s hunt -- --seed ${seed}${faults}${none}`;
}
