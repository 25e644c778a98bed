// How people write quantities and how the core counts them: percent, durations, latencies, ratios.
// Parsers return undefined for text they do not understand; the schema turns that into a sentence.

/** `5%`, `0.1%` → percent as a number (5, 0.1). A bare number is refused: 5 could mean 5 or 500 %. */
export function parsePercent(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim());
  return match ? Number(match[1]) : undefined;
}

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90s`, `10m`, `2h`, `1h30m` → whole seconds. */
export function parseDuration(text: string): number | undefined {
  const compact = text.replaceAll(' ', '');
  if (!/^(\d+(?:\.\d+)?[smhd])+$/.test(compact)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of compact.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)) {
    seconds += Number(amount) * (SECONDS_PER_UNIT[unit ?? ''] ?? Number.NaN);
  }
  return Number.isInteger(seconds) ? seconds : undefined;
}

/** `500ms`, `1.5s` → milliseconds. */
export function parseLatency(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s)$/.exec(text.trim());
  return match ? Number(match[1]) * (match[2] === 's' ? 1000 : 1) : undefined;
}

/** `x1.5` → 1.5. */
export function parseRatio(text: string): number | undefined {
  const match = /^x(\d+(?:\.\d+)?)$/.exec(text.trim());
  return match ? Number(match[1]) : undefined;
}

/** `p95` → 0.95. */
export function parsePercentile(text: string): number | undefined {
  const match = /^p(\d+(?:\.\d+)?)$/.exec(text.trim());
  // by exponent, because dividing 99.9 by 100 gives 0.9990000000000001
  return match ? Number(`${match[1]}e-2`) : undefined;
}

/** 0.95 → `p95`, 0.999 → `p99.9`; by exponent like its parser, so that nothing is rounded. */
export function formatPercentile(quantile: number): string {
  return `p${Number(`${quantile}e2`)}`;
}

/** 600 → `10m`, 5400 → `1h 30m`, 45 → `45s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor((whole % 86_400) / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'm'],
    [whole % 60, 's'],
  ] as const;
  const text = parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join(' ');
  return text || '0s';
}

/** A rate in percent, at most three significant digits and never in exponent form: 0.05, 1.4, 12.3. */
export function formatPercent(percent: number): string {
  return `${roundSignificant(percent, percent >= 100 ? 4 : 3)} %`;
}

/** 2140 → `2,140`. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

export function roundSignificant(value: number, digits: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(digits));
}
