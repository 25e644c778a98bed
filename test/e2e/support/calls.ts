// Which AWS calls were made: what the front of MiniStack counted, and what moto recorded.

/** moto's own recording names an operation in the header of each request. */
export async function motoCalls(url: string): Promise<ReadonlyMap<string, number>> {
  const recording = await (await fetch(`${url}/moto-api/recorder/download-recording`)).text();
  const counts = new Map<string, number>();
  for (const [, name] of recording.matchAll(/"X-Amz-Target": "\w+\.(\w+)"/gi)) {
    counts.set(`monitoring.${name}`, (counts.get(`monitoring.${name}`) ?? 0) + 1);
  }
  return counts;
}

export function callsText(...counts: readonly ReadonlyMap<string, number>[]): string {
  const rows = counts.flatMap((map) => [...map]).sort(([a], [b]) => (a < b ? -1 : 1));
  return rows.map(([call, count]) => `  ${String(count).padStart(6)}  ${call}`).join('\n');
}
