// When a simulated rollout starts: an instant in UTC, in years that every sum of durations stays within.
import * as z from 'zod';

const FIRST_YEAR = 1970;
const LAST_YEAR = 2100;

export const StartSchema = z.iso.datetime().refine(isInYears, {
  message: 'is too early or too late',
  params: {
    code: 'out-of-range',
    allowed: `an instant in the years ${FIRST_YEAR} to ${LAST_YEAR}`,
    fix: 'Write for example start: 2026-11-21T09:00:20Z',
    isPredicate: true,
  },
});

/** What is no instant at all is told by the format alone. */
function isInYears(instant: string): boolean {
  const year = /^\d{4}(?=-)/.exec(instant)?.[0];
  return year === undefined || (Number(year) >= FIRST_YEAR && Number(year) <= LAST_YEAR);
}
