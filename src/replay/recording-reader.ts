// Reads recordings line by line. A file holds one rollout or several, in our own form or as messages of the line protocol.
import type { CustomCheck } from '../core/service-spec.ts';
import { type Fault, faultsError, parseJsonLine } from './faults.ts';
import { headedRecordings } from './headed-recordings.ts';
import { countedMetrics } from './metric-rules.ts';
import { protocolRecordings } from './protocol-recordings.ts';
import type { Recording } from './recording.ts';

/** Reads one form. Both methods throw InvalidInputError. */
export interface RecordingReader {
  /** Takes the JSON of the next line; answers the rollout that this line shows to be complete, if any. */
  take(value: unknown, where: string): Recording | null;
  /** The last rollout; null when there was none. */
  end(): Recording | null;
}

/** Takes lines; finds out from the first one what form they have. */
export interface LineReader {
  take(line: string, where: string): Recording | null;
  end(): Recording | null;
}

/**
 * @param name for recordings that do not name themselves
 * @param custom checks of the service file: they say which metrics are counts
 */
export function recordingReader(name: string, custom: readonly CustomCheck[] = []): LineReader {
  let reader: RecordingReader | null = null;
  return {
    take: (line, where) => {
      const value = parseJsonLine(line, where);
      reader ??= readerFor(value, name, custom, where);
      return reader.take(value, where);
    },
    end: () => reader?.end() ?? null,
  };
}

function readerFor(
  first: unknown,
  name: string,
  custom: readonly CustomCheck[],
  where: string,
): RecordingReader {
  if (typeof first === 'object' && first !== null) {
    if ('format' in first) return headedRecordings(name, countedMetrics(custom));
    if ('type' in first) return protocolRecordings();
  }
  throw faultsError([UNKNOWN_FORM], where);
}

const UNKNOWN_FORM: Fault = {
  code: 'unknown-recording',
  what: 'this is no recording that Stepshift can read',
  path: '',
  got: 'a first line with neither format nor type',
  allowed:
    'lines that begin with {"format":"stepshift-recording/1", …} or {"type":"start", …}, or what aws cloudwatch get-metric-data prints',
  fix: 'See docs/replay.md for the forms',
};
