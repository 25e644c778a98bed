// Problems of scenarios, as simulate plays them.
import type { ProblemEntry } from './entry.ts';

export const SCENARIO_PROBLEMS = {
  'impossible-scenario': {
    means: 'The scenario asks for something that cannot happen, or that its service cannot notice.',
    why: 'A simulation that silently leaves a fault out would promise a rollback that nobody tested.',
    fix: 'Change the scenario or the service file as the message says.',
  },
  'load-series-empty': {
    means: 'The load series has fewer than two samples, or no load at all.',
    why: 'Without requests nothing is judged, and every simulation would end inconclusive.',
    fix: 'Use a series with load, or write the load into the scenario.',
  },
  'load-series-line': {
    means: 'A line of the load series is no time with a load, or not later than the one before.',
    why: 'The load between two samples is read off the line between them, which needs them in order.',
    fix: 'Correct the line, or use another file.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
