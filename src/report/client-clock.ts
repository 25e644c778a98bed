// UK time in the reader's browser, in the words of core/uk-time.ts. Its function is written into the report as text, so it
// may use nothing of this file but itself.

export interface ClientClock {
  /** `21/11/2026 14:03:27 GMT` of epoch seconds. */
  full(seconds: number): string;
  /** Labels of an axis whose ticks are `stepSeconds` apart; the day stands below the first tick of each day. */
  ticks(seconds: readonly number[], stepSeconds: number): string[];
}

export function ukClock(): ClientClock {
  const format = new Intl.DateTimeFormat('en-GB', {
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
  const partsOf = (seconds: number) => {
    const parts = format.formatToParts(seconds * 1000);
    const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? '';
    const day = `${part('day')}/${part('month')}`;
    const minute = `${part('hour')}:${part('minute')}`;
    return { day, minute, second: part('second'), year: part('year'), zone: part('timeZoneName') };
  };
  return {
    full(seconds) {
      const { day, year, minute, second, zone } = partsOf(seconds);
      return `${day}/${year} ${minute}:${second} ${zone}`;
    },
    ticks(instants, stepSeconds) {
      let lastDay = '';
      return instants.map((seconds) => {
        const { day, minute, second } = partsOf(seconds);
        if (stepSeconds >= 86_400) return day;
        const time = stepSeconds < 60 ? `${minute}:${second}` : minute;
        const label = day === lastDay ? time : `${time}\n${day}`;
        lastDay = day;
        return label;
      });
    },
  };
}
