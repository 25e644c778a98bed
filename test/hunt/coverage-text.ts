// The coverage of a hunt as people read it.
import { type Coverage, ENFORCED_FROM_RUNS, type Quantiles } from './coverage.ts';

export function coverageText(coverage: Coverage): string {
  const { runs, misses } = coverage;
  const points = Object.entries(coverage.points);
  const crashed = points.filter(([, { crashes }]) => crashes > 0);
  const lines = [
    `coverage of ${runs} runs`,
    'faults, share of runs in which they really happened:',
    ...columns(shares(coverage.faults, runs)),
    'outcomes, share of runs:',
    ...columns(shares(coverage.outcomes, runs)),
    'invariants, runs in which they had something to check:',
    ...columns(Object.entries(coverage.invariants).map(([id, times]) => [id, String(times)])),
    `calls on a port: ${points.length}, an invocation died at ${crashed.length} of them`,
    'from an alarm to no traffic on the new version, modelled time:',
    ...Object.entries(coverage.latencies).map(([profile, found]) => `  ${latencyText(profile, found)}`),
    `most history events before Roll back: ${coverage.historyMax}`,
    ...(misses.length === 0
      ? ['nothing is missing']
      : [`missing${runs < ENFORCED_FROM_RUNS ? ` (demanded from ${ENFORCED_FROM_RUNS} runs on)` : ''}:`]),
    ...misses.map((miss) => `  ${miss}`),
  ];
  return `${lines.join('\n')}\n`;
}

function shares(counts: Readonly<Record<string, number>>, runs: number): [string, string][] {
  return Object.entries(counts).map(([name, times]) => [name, `${((100 * times) / runs).toFixed(1)} %`]);
}

const COLUMNS = 4;

function columns(cells: readonly (readonly [string, string])[]): string[] {
  const texts = cells.map(([name, value]) => `${name.padEnd(18)} ${value.padStart(7)}`);
  return Array.from(
    { length: Math.ceil(texts.length / COLUMNS) },
    (_, row) => `  ${texts.slice(row * COLUMNS, (row + 1) * COLUMNS).join('   ')}`,
  );
}

const CONDITIONS: Readonly<Record<string, string>> = {
  calm: 'without faults',
  throttled: 'target throttled',
  deaf: 'all events lost',
};

function latencyText(profile: string, { runs, p50Ms, p99Ms, maxMs }: Quantiles): string {
  const [p50, p99, max] = [p50Ms, p99Ms, maxMs].map((ms) => `${(ms / 1000).toFixed(1)} s`);
  return `${(CONDITIONS[profile] ?? profile).padEnd(18)} p50 ${p50}, p99 ${p99}, longest ${max} (${runs} alarms)`;
}
