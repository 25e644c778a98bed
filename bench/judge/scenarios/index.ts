// Every scenario of the benchmark, in the order of the document.
import type { Scenario } from '../traces/scenario.ts';
import { BORDER } from './border.ts';
import { DISTURBANCES, WEAKNESSES } from './disturbances.ts';
import { HARM_ERRORS } from './harm-errors.ts';
import { HARM_OTHER } from './harm-other.ts';
import { NOISES } from './noise.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...NOISES,
  ...DISTURBANCES,
  ...HARM_ERRORS,
  ...HARM_OTHER,
  ...BORDER,
  ...WEAKNESSES,
];
