// Every call that a step is known to make, for runs to aim at; `npm run -s hunt -- --points` writes it anew.
import points from './points.json' with { type: 'json' };

export const KNOWN_POINTS: readonly string[] = points;
