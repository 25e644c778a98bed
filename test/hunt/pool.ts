// Plays many seeds on all cores; each worker has a virtual time of its own.
import { Worker } from 'node:worker_threads';
import { summedUp, type Tally } from './tally.ts';

export interface Batch {
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
  /** Told how many are done. */
  readonly onProgress: (done: number) => void;
}

/** Rejects when a worker dies. */
export async function playAll({ from, seeds, workers, onProgress }: Batch): Promise<Tally> {
  let tally = summedUp([]);
  const play = (first: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: { from, seeds, first, step: workers },
      });
      worker.on('message', (found: Tally) => {
        tally = summedUp([tally, found]);
        onProgress(tally.runs);
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve());
    });
  await Promise.all(Array.from({ length: workers }, (_, first) => play(first)));
  return tally;
}
