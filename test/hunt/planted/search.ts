// Looks for every planted bug on all cores.
import { Worker } from 'node:worker_threads';
import type { Catch } from './detect.ts';
import { PLANTED } from './index.ts';

/** What came of a planted bug. */
export interface Search {
  readonly name: string;
  readonly says: string;
  /** null: it was not found. */
  readonly found: Catch | null;
}

interface Answer {
  readonly index: number;
  readonly found: Catch | null;
}

/** In the order of the bugs. Rejects when a worker dies. */
export async function searchAll(seeds: number, workers: number): Promise<readonly Search[]> {
  const found = new Map<number, Catch | null>();
  let next = 0;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { seeds } });
      const hand = (): void => {
        // one past the last tells the worker to end
        worker.postMessage(next);
        next += 1;
      };
      worker.on('message', (answer: Answer) => {
        found.set(answer.index, answer.found);
        hand();
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve());
      hand();
    });
  await Promise.all(Array.from({ length: Math.min(workers, PLANTED.length) }, work));
  return PLANTED.map(({ name, says }, index) => ({ name, says, found: found.get(index) ?? null }));
}
