// A worker of the search for planted bugs: takes one bug after the other from whoever started it.
import { parentPort, workerData } from 'node:worker_threads';
import { firstCatch } from './detect.ts';
import { PLANTED } from './index.ts';

const { seeds } = workerData as { readonly seeds: number };

parentPort?.on('message', (index: number) => {
  const bug = PLANTED[index];
  if (bug === undefined) parentPort?.close();
  else void firstCatch(bug, seeds).then((found) => parentPort?.postMessage({ index, found }));
});
