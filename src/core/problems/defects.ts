// What is nobody's mistake but ours, or that of a service that answers otherwise than it says.
import type { ProblemEntry } from './entry.ts';

export const DEFECT_PROBLEMS = {
  unexpected: {
    means: 'Something failed that nobody planned for.',
    why: 'The command cannot say more than the error itself does; a rollout that runs is not touched by it.',
    fix: 'Run it again with STEPSHIFT_DEBUG=1 to see where it happened, and report it.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
