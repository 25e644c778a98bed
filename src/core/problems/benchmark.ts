// Problems with the options of the judge's benchmark (npm run bench:judge).
import type { ProblemEntry } from './entry.ts';

export const BENCHMARK_PROBLEMS = {
  'no-such-scenario': {
    means: 'No scenario of the benchmark has this text in its name.',
    why: 'A run over no scenario would report perfect judges.',
    fix: 'Use a part of one of the names that are listed.',
  },
  'no-such-judge': {
    means: 'The benchmark compares no judge of this name.',
    why: 'A table without the judge that was asked for would answer another question.',
    fix: 'Use the names that are listed, separated by commas.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
