// What a record can answer of a changed service file: only what does not rest on numbers that nobody recorded. The rest
// is judged as the rollout was, and said aloud.
import { type LatencyBaseline, THROTTLES } from '../core/judge/measures.ts';
import { type CustomCheck, canonicalJson, type ServiceSpec, type Stage } from '../core/service-spec.ts';
import { formatPercent } from '../core/units.ts';

export interface Recorded {
  /** As the rollout was judged by. */
  readonly spec: ServiceSpec;
  /** Stable's usual latency in the hour before. */
  readonly latency: LatencyBaseline | null;
  /** Names of all values that any period has. */
  readonly values: ReadonlySet<string>;
}

export interface Answerable {
  readonly spec: ServiceSpec;
  /** One sentence each: what was asked, and is not answered. */
  readonly notes: readonly string[];
}

/** Where traffic went is a fact, and so is everything that was counted. */
export function answerable(recorded: Recorded, asked: ServiceSpec): Answerable {
  const notes: string[] = [];
  const note = (sentence: string): void => {
    notes.push(sentence);
  };
  const spec: ServiceSpec = {
    ...asked,
    service: recorded.spec.service,
    target: recorded.spec.target,
    stages: bakedStages(recorded.spec.stages, asked.stages, note),
    checks: {
      errors: errorsOf(recorded, asked, note),
      latency: latencyOf(recorded, asked, note),
      throttlesLimitPercent: throttlesOf(recorded, asked, note),
      custom: customOf(recorded, asked, note),
      alarms: alarmsOf(recorded, asked, note),
    },
  };
  return { spec, notes };
}

type Note = (sentence: string) => void;

/** The weights as they were; each bakes as the changed plan has it, but no longer than it did. */
function bakedStages(recorded: readonly Stage[], asked: readonly Stage[], note: Note): Stage[] {
  const weights = (stages: readonly Stage[]): string =>
    stages.map(({ weightPercent }) => formatPercent(weightPercent)).join(', ');
  if (weights(recorded) !== weights(asked)) {
    note(`Weights are facts: the canary had ${weights(recorded)}, not ${weights(asked)}.`);
  }
  const planned = recorded.map(
    (stage) => asked.find(({ weightPercent }) => weightPercent === stage.weightPercent) ?? stage,
  );
  const longer = planned.filter(
    ({ bakeSeconds }, index) => bakeSeconds > (recorded[index]?.bakeSeconds ?? 0),
  );
  if (longer.length > 0) {
    note(`Longer bakes are not judged: what was recorded went on from ${weights(longer)} before.`);
  }
  return planned.map((stage, index) => ({
    ...stage,
    bakeSeconds: Math.min(stage.bakeSeconds, recorded[index]?.bakeSeconds ?? stage.bakeSeconds),
  }));
}

function errorsOf({ spec }: Recorded, { checks }: ServiceSpec, note: Note): ServiceSpec['checks']['errors'] {
  const { http5xx } = spec.checks.errors;
  if (!isSame(http5xx, checks.errors.http5xx)) {
    note('checks.errors.http5xx is not changed: errors are known as they were counted.');
  }
  return { ...checks.errors, http5xx };
}

/** Requests are counted against thresholds of tolerance and limit; other thresholds have other counts. */
function latencyOf(
  { spec, latency: baseline }: Recorded,
  { checks }: ServiceSpec,
  note: Note,
): ServiceSpec['checks']['latency'] {
  const [was, asked] = [spec.checks.latency, checks.latency];
  if (asked === null) return null;
  if (was === null) {
    note('checks.latency is not judged: no response times were recorded.');
    return null;
  }
  const isCounted = baseline?.isCounted !== false;
  const onLimit = isCounted && was.onLimit === 'alert' ? 'alert' : asked.onLimit;
  const kept = {
    quantile: was.quantile,
    coldStarts: was.coldStarts,
    onLimit,
    ...(isCounted && baseline !== null ? { toleranceRatio: was.toleranceRatio } : {}),
    ...(isCounted && onLimit === 'rollback' ? { limitMs: was.limitMs } : {}),
  };
  const judged = { ...asked, ...kept };
  const changed = Object.keys(kept).filter(
    (key) => !isSame(asked[key as keyof typeof kept], judged[key as keyof typeof kept]),
  );
  if (changed.length > 0) {
    const keys = changed.map((key) => `checks.latency.${WRITTEN[key] ?? key}`).join(', ');
    note(`${keys} is not changed: slow requests are known as they were counted.`);
  }
  return judged;
}

const WRITTEN: Readonly<Record<string, string>> = {
  quantile: 'percentile',
  toleranceRatio: 'tolerance',
  limitMs: 'limit',
};

function throttlesOf({ spec, values }: Recorded, { checks }: ServiceSpec, note: Note): number | null {
  const { throttlesLimitPercent: asked } = checks;
  const wasAsked = spec.checks.throttlesLimitPercent !== null;
  if (asked === null || wasAsked || values.has(THROTTLES)) return asked;
  note('checks.throttles is not judged: no throttled requests were recorded.');
  return asked;
}

/** A check of the team's own is known by its name and by what it counts. */
function customOf({ spec }: Recorded, { checks }: ServiceSpec, note: Note): CustomCheck[] {
  return checks.custom.flatMap((asked) => {
    const was = spec.checks.custom.find(({ name }) => name === asked.name);
    if (was === undefined) {
      note(`checks.${asked.name} is not judged: its metric was not recorded.`);
      return [];
    }
    if (isSame(countedBy(was), countedBy(asked))) return [asked];
    note(`checks.${asked.name} is judged as it was: what it counts was recorded, and nothing else.`);
    return [was];
  });
}

function countedBy(check: CustomCheck): unknown {
  const { kind, metric } = check;
  if (kind === 'gauge') return { kind, metric };
  return { kind, metric, better: check.better, ...(kind === 'rate' ? { per: check.per } : {}) };
}

function alarmsOf({ spec }: Recorded, { checks }: ServiceSpec, note: Note): string[] {
  const missing = checks.alarms.filter((name) => !spec.checks.alarms.includes(name));
  if (missing.length > 0) note(`Alarms that were not recorded are not judged: ${missing.join(', ')}.`);
  return checks.alarms.filter((name) => spec.checks.alarms.includes(name));
}

function isSame(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
