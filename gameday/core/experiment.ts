// What an experiment of the game day is: one question about AWS, how samples are taken, and how they are judged.
import type * as z from 'zod';
import type { Ports } from '../ports.ts';

/** `unknown`: too little was seen to say either. */
export type Verdict = 'agrees' | 'disagrees' | 'unknown';

/** What the samples of an experiment say about its assumption. */
export interface Finding {
  readonly verdict: Verdict;
  /** What was measured, for a person; one line. */
  readonly measured: string;
  /** The same as numbers and words, for tools. */
  readonly values: Readonly<Record<string, number | string | boolean | null>>;
}

/** What has to stand before an experiment can run. */
export type Need = 'sample' | 'traffic' | 'engine' | 'balancer';

/** What the person chose for this day. */
export interface DayOptions {
  /** How long arrivals of metrics are watched, minutes. */
  readonly minutes: number;
  readonly account: { readonly id: string; readonly region: string };
}

/** What is asked, without how. */
export interface Question {
  readonly id: string;
  readonly question: string;
  /** What our code or our promises rest on. */
  readonly assumption: string;
  /** Where it is written: a file of the repository, with an anchor where there is one. */
  readonly place: string;
  /** How it is measured, one sentence. */
  readonly method: string;
  readonly needs: readonly Need[];
  /** It makes something that is in no stack, and removes it itself unless it is killed. */
  readonly leavesLoose?: true;
  /** About how long it takes. */
  readonly minutes: (options: DayOptions) => number;
}

export interface Experiment<Sample> extends Question {
  readonly sample: z.ZodType<Sample>;
  /** Takes samples; each is kept as soon as it is known, so that a day that is cut short loses none. */
  readonly run: (ports: Ports, keep: (sample: Sample) => void, options: DayOptions) => Promise<void>;
  /** Pure. Never called without samples. */
  readonly judge: (samples: readonly Sample[]) => Finding;
}

/** An experiment as the day handles it, whatever its samples are. */
export interface AnyExperiment extends Question {
  readonly run: (ports: Ports, keep: (sample: unknown) => void, options: DayOptions) => Promise<void>;
  /** Samples may come from an older journal: what does not fit is no sample. */
  readonly judge: (samples: readonly unknown[]) => Finding;
}

export const NOTHING_SEEN: Finding = { verdict: 'unknown', measured: 'nothing was seen', values: {} };

export function experiment<Sample>(written: Experiment<Sample>): AnyExperiment {
  return {
    ...written,
    judge: (raw) => {
      const samples = raw.flatMap((one) => {
        const read = written.sample.safeParse(one);
        return read.success ? [read.data] : [];
      });
      return samples.length === 0 ? NOTHING_SEEN : written.judge(samples);
    },
  };
}
