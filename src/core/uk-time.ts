// Instants as people in the United Kingdom read them; machines get ISO 8601 in UTC.

/** Largest distance from the epoch that a Date can hold, milliseconds (ECMA-262, time values). */
const MAX_TIME_MS = 8.64e15;

// hourCycle, not hour12: false, because the latter may print midnight as 24:00
const UK = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hourCycle: 'h23',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});

function part(parts: readonly Intl.DateTimeFormatPart[], type: Intl.DateTimeFormatPartTypes): string {
  return parts.find((candidate) => candidate.type === type)?.value ?? '';
}

/** `21/11/2026 14:03:27 GMT`; the zone is always there, because an hour in October comes twice. `–` for no instant. */
export function ukTime(atMs: number): string {
  if (!isInstant(atMs)) return '–';
  const parts = UK.formatToParts(atMs);
  const date = `${part(parts, 'day')}/${part(parts, 'month')}/${part(parts, 'year')}`;
  return `${date} ${ukClock(atMs)} ${part(parts, 'timeZoneName')}`;
}

/** `14:03:27`, for places that show date and zone elsewhere. */
export function ukClock(atMs: number): string {
  if (!isInstant(atMs)) return '–';
  const parts = UK.formatToParts(atMs);
  return `${part(parts, 'hour')}:${part(parts, 'minute')}:${part(parts, 'second')}`;
}

/** ISO 8601 in UTC; an impossible instant becomes the epoch, so that a report can still be made. */
export function isoTime(atMs: number): string {
  return new Date(isInstant(atMs) ? atMs : 0).toISOString();
}

function isInstant(atMs: number): boolean {
  return Math.abs(atMs) <= MAX_TIME_MS;
}
