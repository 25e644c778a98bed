// The recorded load series of the examples.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseLoadSeries } from '../../../src/sim/load-series.ts';
import type { LoadShape } from './scenario.ts';

const FOLDER = new URL('../../../examples/data/', import.meta.url);

/** @throws InvalidInputError when the file is not a load series */
export function recordedLoad(fileName: string): LoadShape {
  const text = readFileSync(fileURLToPath(new URL(fileName, FOLDER)), 'utf8');
  return { kind: 'recorded', samples: parseLoadSeries(text, fileName) };
}
