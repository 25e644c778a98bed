// A worker of the hunt: plays its share of the seeds and sends what it found, some at a time.
import { parentPort, workerData } from 'node:worker_threads';
import { runSeed } from './run-seed.ts';
import { summedUp, type Tally, tallyOf } from './tally.ts';

const { from, seeds, first, step } = workerData as {
  readonly from: number;
  readonly seeds: number;
  /** Which of the seeds are this worker's: `first`, `first + step`, … */
  readonly first: number;
  readonly step: number;
};

const AT_ONCE = 25;

let found: Tally[] = [];
for (let index = first; index < seeds; index += step) {
  found.push(tallyOf(await runSeed(from + index)));
  if (found.length < AT_ONCE) continue;
  parentPort?.postMessage(summedUp(found));
  found = [];
}
parentPort?.postMessage(summedUp(found));
