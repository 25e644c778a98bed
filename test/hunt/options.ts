// The hunt's command line.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export interface HuntOptions {
  /** One seed with its whole story; null: many seeds. */
  readonly seed: number | null;
  readonly seeds: number;
  readonly from: number;
  /** Milliseconds after the start of a run; null: to its end. */
  readonly untilMs: number | null;
  /** Only faults with these ids; null: all. */
  readonly only: readonly string[] | null;
  readonly isShrinking: boolean;
  /** A run that fails goes into the corpus. */
  readonly isKept: boolean;
  readonly isJson: boolean;
  readonly workers: number;
  /** The figures go into docs/guarantees.md. */
  readonly writesDoc: boolean;
  readonly does: 'hunt' | 'planted' | 'points';
}

export const USAGE = `Looks for counter-examples: plays rollouts in virtual time with everything going wrong, and checks the invariants.

  npm run -s hunt -- --seeds N [--from S]   N runs, then what they covered; exit 1 on a violation or missing coverage
  npm run -s hunt -- --seed S               one run with its whole story
      --until SECONDS                       … up to there
      --only FAULT [--only FAULT …]         … with these faults only
      --no-shrink                           do not look for the fewest faults that make a run fail
      --keep                                write a run that fails into test/hunt/corpus
      --json                                print one JSON value
      --workers N                           processes (default: one a core)
  npm run -s hunt -- --planted              the planted bugs: which are caught, by what, after how many seeds
      --write-doc                           put the figures into docs/guarantees.md (also after --seeds)
  npm run -s hunt -- --points               write the list of known calls anew
`;

/** @throws TypeError when an option is unknown or not a number */
export function readOptions(args: readonly string[]): HuntOptions {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      seeds: { type: 'string' },
      from: { type: 'string', default: '0' },
      seed: { type: 'string' },
      until: { type: 'string' },
      only: { type: 'string', multiple: true },
      shrink: { type: 'boolean', default: true },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      workers: { type: 'string' },
      planted: { type: 'boolean', default: false },
      points: { type: 'boolean', default: false },
      'write-doc': { type: 'boolean', default: false },
    },
  });
  return {
    seed: values.seed === undefined ? null : whole('seed', values.seed),
    seeds: whole('seeds', values.seeds ?? (values.planted ? '2000' : '200')),
    from: whole('from', values.from),
    untilMs: values.until === undefined ? null : 1000 * whole('until', values.until.replace(/s$/, '')),
    only: values.only ?? null,
    isShrinking: values.shrink,
    isKept: values.keep,
    isJson: values.json,
    workers: values.workers === undefined ? availableParallelism() : whole('workers', values.workers),
    writesDoc: values['write-doc'],
    does: values.planted ? 'planted' : values.points ? 'points' : 'hunt',
  };
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new TypeError(`--${name} takes a whole number, not ${text}`);
}
