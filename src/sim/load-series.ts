// Reads a recorded load series: CSV with the columns timestamp and value, as the Numenta Anomaly Benchmark has them.
import { InvalidInputError, type Problem } from '../core/errors.ts';
import type { LoadSample } from './traffic-load.ts';

const ALLOWED = 'timestamp,value with rising times such as 2014-04-10 00:04:00 (UTC) and values of 0 or more';

/** @throws InvalidInputError naming the first line that is wrong */
export function parseLoadSeries(text: string, fileName: string): readonly LoadSample[] {
  const samples: LoadSample[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '' || (index === 0 && line === 'timestamp,value')) continue;
    const sample = parseLine(line);
    const previous = samples.at(-1);
    if (sample === null || (previous !== undefined && sample.atMs <= previous.atMs)) {
      throw new InvalidInputError([lineProblem(fileName, index + 1, line)]);
    }
    samples.push(sample);
  }
  if (samples.length < 2 || samples.every(({ value }) => value === 0)) {
    throw new InvalidInputError([
      {
        code: 'load-series-empty',
        what: 'the load series has no load',
        where: fileName,
        got: `${samples.length} samples`,
        allowed: 'at least two samples, one of them above 0',
        fix: 'Use another file',
      },
    ]);
  }
  return samples;
}

function parseLine(line: string): LoadSample | null {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)Z?,(\d+(?:\.\d+)?)$/.exec(line);
  if (match === null) return null;
  const atMs = Date.parse(`${match[1]}T${match[2]}Z`);
  return Number.isNaN(atMs) ? null : { atMs, value: Number(match[3]) };
}

function lineProblem(fileName: string, line: number, got: string): Problem {
  return {
    code: 'load-series-line',
    what: 'this line of the load series is not a later sample',
    where: `${fileName}:${line}:1`,
    got: got.slice(0, 80),
    allowed: ALLOWED,
    fix: 'Correct the line, or use another file',
  };
}
