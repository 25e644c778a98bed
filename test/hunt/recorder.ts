// Keeps what happened in a run, in its one order: moments for the invariants, calls and faults for the coverage, and on
// request every line of the story.
import type { Moment, Writer } from '../../src/core/audit/trace.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { StepName } from './plan.ts';

export interface Recorder {
  readonly moments: Moment[];
  /** How often each fault really happened, by its id: `kind key`. */
  readonly faults: Map<string, FaultKind>;
  /** How often each call was made, by its point. */
  readonly points: Map<string, number>;
  /** How often an invocation died at it. */
  readonly crashes: Map<string, number>;
  /** What no run may show: errors that nobody meant to throw. */
  readonly defects: string[];
  readonly alarmsFiredAtMs: number[];
  /** How long callers had to wait for the event bus beyond what is usual, ms each. */
  readonly busWaits: number[];
  moment(moment: Moment): void;
  /** A name for the next thing of its kind, the same in every run of the seed: `r1 roll-back#2`. */
  next(rolloutId: string | null, what: string): string;
  /** Counts the call and names it: `r1 shift-traffic/lambda.UpdateAlias#2`, and which of its point it is, from 1. */
  site(rolloutId: string | null, point: string): Site;
  /** An invocation of a step begins: tells who waits for the nth of them. */
  entered(step: StepName): void;
  onEntered(listener: (step: StepName, nth: number) => void): void;
  /** How many calls were made so far. */
  calls(): number;
  fault(kind: FaultKind, id: string): void;
  crash(point: string): void;
  defect(what: string): void;
  /** Whose change it is while `effect` runs. */
  as<T>(writer: Writer, effect: () => T): T;
  writer(): Writer | null;
  /** Marks changes of the target while `effect` runs: whose writer asked the record in vain. */
  unrecorded<T>(effect: () => T): T;
  isUnrecorded(): boolean;
  /** A line of the story; the text is only made when somebody reads it. */
  tell(line: () => string): void;
}

export interface Site {
  readonly key: string;
  readonly point: string;
  readonly nth: number;
}

/** @param story told every line, with its instant; null: nobody listens */
export function makeRecorder(
  nowMs: () => number,
  story: ((atMs: number, line: string) => void) | null,
): Recorder {
  const moments: Moment[] = [];
  const faults = new Map<string, FaultKind>();
  const points = new Map<string, number>();
  const crashes = new Map<string, number>();
  const sites = new Map<string, number>();
  const defects: string[] = [];
  const invocations = new Map<string, number>();
  const listeners: ((step: StepName, nth: number) => void)[] = [];
  let calls = 0;
  let writing: Writer | null = null;
  let isUnrecorded = false;
  const count = (counts: Map<string, number>, key: string): number => {
    const times = (counts.get(key) ?? 0) + 1;
    counts.set(key, times);
    return times;
  };
  const next = (rolloutId: string | null, what: string): string => {
    const place = `${rolloutId ?? '-'} ${what}`;
    return `${place}#${count(sites, place)}`;
  };
  const tell = (line: () => string): void => story?.(nowMs(), line());
  return {
    moments,
    faults,
    points,
    crashes,
    defects,
    alarmsFiredAtMs: [],
    busWaits: [],
    moment: (moment) => {
      moments.push(moment);
      tell(() => momentLine(moment));
    },
    next,
    site: (rolloutId, point) => {
      calls += 1;
      return { key: next(rolloutId, point), point, nth: count(points, point) };
    },
    calls: () => calls,
    entered: (step) => {
      const nth = count(invocations, step);
      for (const listener of listeners) listener(step, nth);
    },
    onEntered: (listener) => {
      listeners.push(listener);
    },
    fault: (kind, id) => {
      if (faults.has(id)) return;
      faults.set(id, kind);
      tell(() => `!! ${id}`);
    },
    crash: (point) => {
      count(crashes, point);
    },
    defect: (what) => {
      defects.push(what);
      tell(() => `DEFECT ${what}`);
    },
    as: (writer, effect) => {
      writing = writer;
      try {
        return effect();
      } finally {
        writing = null;
      }
    },
    writer: () => writing,
    unrecorded: (effect) => {
      isUnrecorded = true;
      try {
        return effect();
      } finally {
        isUnrecorded = false;
      }
    },
    isUnrecorded: () => isUnrecorded,
    tell,
  };
}

function momentLine(moment: Moment): string {
  switch (moment.kind) {
    case 'recorded':
      return `${moment.rolloutId} RECORDED ${JSON.stringify(moment.entry.fact).slice(0, 240)}`;
    case 'changed': {
      const { writer, shares } = moment;
      const who =
        writer === null ? 'somebody' : `${writer.rolloutId}/${writer.epoch}/${writer.seq} ${writer.action}`;
      return `TARGET ${JSON.stringify(shares)} by ${who}`;
    }
    case 'published':
    case 'told':
    case 'undelivered':
      return `${moment.kind} ${moment.event.rolloutId} ${moment.event.event}: ${moment.event.sentence.slice(0, 160)}`;
    case 'passed-on':
      return `${moment.rolloutId} passes on ${moment.bytes} bytes`;
    case 'turned-back':
      return `${moment.rolloutId} ROLL BACK entered, ${moment.historyEvents} history events`;
    case 'execution-ended':
      return `${moment.rolloutId} EXECUTION ENDED`;
  }
}
