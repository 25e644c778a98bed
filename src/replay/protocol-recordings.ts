// Recordings in the line protocol: what a judge was fed, kept in a file.
import { messageReader } from './line-messages.ts';
import type { PeriodMessage, StartMessage } from './line-protocol.ts';
import { percentOf } from './protocol-spec.ts';
import { type RecordedPeriod, type Recording, recordingOf, type Shift } from './recording.ts';
import type { RecordingReader } from './recording-reader.ts';
import { isTruth, type KnownTruth, parseTruth, refuseAfterTruth, withBad } from './truth.ts';

interface Open {
  readonly start: StartMessage;
  readonly where: string;
  readonly periods: PeriodMessage[];
  known: KnownTruth | null;
}

/** The rollout starts at 0: the protocol knows no clock. */
const STARTED_AT_MS = 0;

export function protocolRecordings(): RecordingReader {
  const read = messageReader();
  let open: Open | null = null;
  return {
    take: (value, where) => {
      if (open !== null && isTruth(value)) {
        open.known = parseTruth(value, where, STARTED_AT_MS, open.known);
        return null;
      }
      const message = read(value, where);
      if (message.type === 'period') {
        refuseAfterTruth(open?.known ?? null, where);
        open?.periods.push(message);
      }
      if (message.type !== 'start') return null;
      const done = open;
      open = { start: message, where, periods: [], known: null };
      return done === null ? null : complete(done);
    },
    end: () => (open === null ? null : complete(open)),
  };
}

function complete({ start, where, periods, known }: Open): Recording {
  const history = start.history.map(({ t, stable }): RecordedPeriod => recorded(t, stable, null));
  const body = periods.map(({ t, stable, canary }) => recorded(t, stable, canary));
  return recordingOf(
    {
      name: start.id,
      version: 'canary',
      isClockKnown: false,
      startedAtMs: STARTED_AT_MS,
      periodSeconds: start.periodSec,
      shifts: shiftsOf(periods),
      edgesMs: start.latencyEdgesMs,
      periods: [...history, ...withBad(body, known)],
      truth: known?.truth ?? null,
      notJudged: [],
    },
    where,
  );
}

function recorded(
  t: number,
  stable: RecordedPeriod['stable'],
  canary: RecordedPeriod['canary'],
): RecordedPeriod {
  return { startMs: STARTED_AT_MS + t * 1000, stable, canary, bad: null };
}

function shiftsOf(periods: readonly PeriodMessage[]): readonly Shift[] {
  return periods.flatMap(({ t, weight }, index) =>
    weight === (periods[index - 1]?.weight ?? 0)
      ? []
      : [{ atMs: STARTED_AT_MS + t * 1000, weightPercent: percentOf(weight) }],
  );
}
