// The generated blocks of docs/guarantees.md: what a hunt counted, what planted bugs it found, which delays it models.
import { readFileSync, writeFileSync } from 'node:fs';
import { INVARIANTS } from '../../src/core/audit/invariants.ts';
import type { Coverage } from './coverage.ts';
import { DELAYS, METRIC_VISIBILITY_MS } from './delays.ts';

const FILE = new URL('../../docs/guarantees.md', import.meta.url);

export const BLOCK_NAMES = ['hunt', 'long-hunt', 'planted', 'delays'] as const;
export type BlockName = (typeof BLOCK_NAMES)[number];

/** From so many runs on a hunt is the long one, which the document tells of in one sentence. */
const LONG_FROM_RUNS = 100_000;

export function writeBlock(name: BlockName, block: string): void {
  writeFileSync(FILE, withBlock(readFileSync(FILE, 'utf8'), name, block));
}

/** Throws when the markers of the block are missing. */
function withBlock(document: string, name: BlockName, block: string): string {
  const marked = markedBlock(name);
  if (!marked.test(document)) throw new Error(`docs/guarantees.md has no block ${name}`);
  return document.replace(
    marked,
    (_whole, begin: string, _old: string, end: string) => `${begin}${block}\n${end}`,
  );
}

/** null when its markers are missing. */
export function blockIn(document: string, name: BlockName): string | null {
  return markedBlock(name).exec(document)?.[2]?.trimEnd() ?? null;
}

function markedBlock(name: BlockName): RegExp {
  return new RegExp(`(<!-- ${name}:begin[^>]*-->\n)([\\s\\S]*?)(<!-- ${name}:end -->)`);
}

export interface Hunted {
  readonly coverage: Coverage;
  /** Runs with a violation, by invariant. */
  readonly violated: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly workers: number;
}

export function writeHunt(hunted: Hunted): void {
  if (hunted.coverage.runs >= LONG_FROM_RUNS) writeBlock('long-hunt', sentenceOf(hunted));
  else writeBlock('hunt', huntMarkdown(hunted));
  writeBlock('delays', delaysMarkdown());
}

function sentenceOf({ coverage: { runs }, violated, seconds, workers }: Hunted): string {
  const names = Object.keys(violated);
  const violations = names.length === 0 ? 'no violation' : `violations of ${names.join(', ')}`;
  return `${count(runs)} runs in ${Math.round(seconds)} s on ${workers} cores: ${violations}.`;
}

function huntMarkdown(hunted: Hunted): string {
  const { invariants, latencies, historyMax, points, outcomes, runs } = hunted.coverage;
  const calls = Object.values(points);
  return [
    sentenceOf(hunted),
    '',
    '| invariant | what it says | runs that checked it | violations |',
    '|---|---|---|---|',
    ...INVARIANTS.map(
      ({ id, says }) =>
        `| ${id} | ${says} | ${count(invariants[id] ?? 0)} | ${count(hunted.violated[id] ?? 0)} |`,
    ),
    '',
    `Outcomes, share of runs: ${Object.entries(outcomes)
      .map(([outcome, times]) => `${outcome} ${((100 * times) / runs).toFixed(1)} %`)
      .join(' · ')}.`,
    `An invocation died at ${calls.filter(({ crashes }) => crashes > 0).length} of ${calls.length} calls on a port.`,
    `The most history events before *Roll back* began were ${count(historyMax)}.`,
    '',
    '| from an alarm to no traffic on the new version, modelled time | p50 | p99 | longest | alarms |',
    '|---|---|---|---|---|',
    ...(['calm', 'throttled', 'deaf'] as const).flatMap((profile) => {
      const found = latencies[profile];
      if (found === undefined) return [];
      const [p50, p99, max] = [found.p50Ms, found.p99Ms, found.maxMs].map(
        (ms) => `${(ms / 1000).toFixed(1)} s`,
      );
      return [`| ${CONDITIONS[profile]} | ${p50} | ${p99} | ${max} | ${found.runs} |`];
    }),
  ].join('\n');
}

const CONDITIONS = {
  calm: 'without faults',
  throttled: 'the target throttled for up to five minutes',
  deaf: 'all events lost',
} as const;

export function delaysMarkdown(): string {
  return [
    '| delay | median | 99 % below | never above | source |',
    '|---|---|---|---|---|',
    ...Object.entries(DELAYS).map(
      ([name, { p50Ms, p99Ms, maxMs, source }]) =>
        `| ${words(name)} | ${p50Ms} ms | ${count(p99Ms)} ms | ${count(maxMs)} ms | ${source} |`,
    ),
    `| a minute of metrics can be read | ${METRIC_VISIBILITY_MS / 1000} s after its end | | | assumption; the judge assumes the same |`,
  ].join('\n');
}

/** `stateTransition` → `state transition` */
function words(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function count(number: number): string {
  return number.toLocaleString('en-GB');
}
