// What a row must fulfil beyond its shape: nothing counted is more than the requests, and the histogram holds them all.
import type { Fault } from './faults.ts';
import type { Row } from './line-protocol.ts';

const NO_FAULTS: readonly Fault[] = [];
const COUNTED = ['errors', 'conversions', 'coldStarts'] as const;

/** @param edges how many bounds the latency buckets have; there is one bucket more */
export function rowFaults(row: Row | null, path: string, edges: number): readonly Fault[] {
  if (row === null) return NO_FAULTS;
  const tooMany = COUNTED.filter((name) => (row[name] ?? 0) > row.requests).map(
    (name): Fault => ({
      code: 'more-than-requests',
      what: `${name} cannot be more than the requests`,
      path: `${path}.${name}`,
      got: `${row[name]} of ${row.requests} requests`,
      allowed: `at most ${row.requests}`,
      fix: 'Count requests and what became of them in the same period',
    }),
  );
  const histogram = row.hist === undefined ? NO_FAULTS : histogramFaults(row.hist, row.requests, path, edges);
  return tooMany.length === 0 ? histogram : [...tooMany, ...histogram];
}

function histogramFaults(
  hist: readonly number[],
  requests: number,
  path: string,
  edges: number,
): readonly Fault[] {
  if (hist.length !== edges + 1) {
    const allowed = `${edges + 1} counts: one a bucket for ${edges} edges, and one for the rest`;
    return [
      {
        code: 'wrong-histogram',
        what: 'the histogram does not fit latencyEdgesMs',
        path: `${path}.hist`,
        got: `${hist.length} counts`,
        allowed,
        fix: `Write ${allowed}`,
      },
    ];
  }
  let sum = 0;
  for (const count of hist) sum += count;
  if (sum === requests) return NO_FAULTS;
  return [
    {
      code: 'wrong-histogram',
      what: 'the histogram does not hold every request once',
      path: `${path}.hist`,
      got: `${sum} in the buckets, ${requests} requests`,
      allowed: `counts that sum to ${requests}`,
      fix: 'Count every request in exactly one bucket, or leave hist out',
    },
  ];
}

/** @param edges inclusive upper bounds of the latency buckets, ms */
export function edgeFaults(edges: readonly number[]): readonly Fault[] {
  const index = edges.findIndex((edge, i) => i > 0 && edge <= (edges[i - 1] ?? 0));
  if (index === -1) return NO_FAULTS;
  return [
    {
      code: 'edges-must-rise',
      what: `latencyEdgesMs must rise, but ${edges[index - 1]} is followed by ${edges[index]}`,
      path: `latencyEdgesMs[${index}]`,
      got: String(edges[index]),
      allowed: `more than ${edges[index - 1]}`,
      fix: 'Sort the edges and remove repeated ones',
    },
  ];
}
