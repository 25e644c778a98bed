// An instant as recordings write it.
import * as z from 'zod';

/** ISO 8601 with `Z` or an offset, read as a Date. */
export const Instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .meta({ description: 'an instant in ISO 8601 with its offset', examples: ['2026-01-05T09:00:00Z'] });
