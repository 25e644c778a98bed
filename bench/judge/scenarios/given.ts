// How scenarios are written down: what is special about them; everything else is usual.
import { type Scenario, USUAL } from '../traces/scenario.ts';

/** Enough that the families together bound a false rollback rate to a tenth of a percent. */
const HEALTHY_ROLLOUTS = 200;
const HARM_ROLLOUTS = 60;
const BORDER_ROLLOUTS = 200;

export type Given = Pick<Scenario, 'name' | 'says' | 'service'> & Partial<Scenario>;

export function healthy(group: string, given: Given): Scenario {
  return { ...USUAL, class: 'healthy', group, rollouts: HEALTHY_ROLLOUTS, ...given };
}

export function harmful(group: string, given: Given): Scenario {
  return { ...USUAL, class: 'harm', group, rollouts: HARM_ROLLOUTS, ...given };
}

export function bordering(given: Given): Scenario {
  return { ...USUAL, class: 'border', group: 'on the border', rollouts: BORDER_ROLLOUTS, ...given };
}
