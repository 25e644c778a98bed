// Lambda and CloudWatch metrics in memory, as our documents assume them to be; `odd` makes one of them different.

import { PROBE } from '../../gameday/core/names.ts';
import type {
  AliasChange,
  AliasName,
  AliasState,
  Answer,
  Point,
  Ports,
  VersionTally,
} from '../../gameday/ports.ts';
import type { Series } from '../../src/aws/target-series.ts';

/** Ways in which AWS could be other than assumed. */
export interface Oddities {
  descriptionKeepsRevision: boolean;
  staleRevisionAccepted: boolean;
  deletesNamedVersions: boolean;
  emptyMapKeepsWeights: boolean;
  metricsLateSeconds: number;
  metricsStampedByEnd: boolean;
  versionSeriesAlways: boolean;
  noVersionSeries: boolean;
  throttlesOnVersions: boolean;
  thresholdCountsAll: boolean;
  periodsByClock: boolean;
  quotaOfCalls: number;
  splitOffBy: number;
  aliasSpreadSeconds: number;
}

export const AS_ASSUMED: Oddities = {
  descriptionKeepsRevision: false,
  staleRevisionAccepted: false,
  deletesNamedVersions: false,
  emptyMapKeepsWeights: false,
  metricsLateSeconds: 70,
  metricsStampedByEnd: false,
  versionSeriesAlways: false,
  noVersionSeries: false,
  throttlesOnVersions: false,
  thresholdCountsAll: false,
  periodsByClock: false,
  quotaOfCalls: 50,
  splitOffBy: 1,
  aliasSpreadSeconds: 2,
};

export function named(name: string): Error {
  return Object.assign(new Error(`${name} of the fake`), { name });
}

interface Invocation {
  readonly functionName: string;
  readonly alias: string;
  readonly startMs: number;
  readonly ms: number;
  /** null: turned away. */
  readonly version: string | null;
  readonly isWeighted: boolean;
}

interface Kept extends AliasState {
  readonly before: AliasState | null;
  readonly changedAtMs: number;
}

const MINUTE_MS = 60_000;
/** Cold containers apart, a call is this long. */
const FAST_MS = 20;
/** Its multiples spread evenly over [0, 1): shares come out as they are, without chance. */
const GOLDEN = 0.618_033_988_75;

export function fakeLambda(time: { nowMs: number }, odd: Oddities) {
  const aliases = new Map<string, Kept>();
  const log: Invocation[] = [];
  const closed = new Set<string>();
  let versions = 1;
  let revisions = 0;
  let draws = 0;
  let calls = 0;
  let driven: { readonly name: AliasName; readonly everyMs: number; nextMs: number } | null = null;
  let tally: Record<string, VersionTally> = {};

  const keyOf = ({ functionName, alias }: AliasName): string => `${functionName}:${alias}`;
  const aliasOf = (name: AliasName): Kept => {
    const found = aliases.get(keyOf(name));
    if (found !== undefined) return found;
    const made = {
      version: '1',
      shares: {},
      revisionId: 'r0',
      description: '',
      before: null,
      changedAtMs: 0,
    };
    aliases.set(keyOf(name), made);
    return made;
  };

  const update = (name: AliasName, change: AliasChange): AliasState => {
    const before = aliasOf(name);
    const { version = before.version, description = before.description } = change;
    const isStale = change.revisionId !== undefined && change.revisionId !== before.revisionId;
    if (isStale && !odd.staleRevisionAccepted) throw named('PreconditionFailedException');
    const isKept =
      change.shares === undefined || (odd.emptyMapKeepsWeights && Object.keys(change.shares).length === 0);
    const shares = isKept ? before.shares : (change.shares ?? {});
    const hasMoved = version !== before.version || JSON.stringify(shares) !== JSON.stringify(before.shares);
    const isNew = hasMoved || (description !== before.description && !odd.descriptionKeepsRevision);
    const revisionId = isNew ? `r${++revisions}` : before.revisionId;
    const after = { version, shares, description, revisionId };
    aliases.set(keyOf(name), { ...after, before, changedAtMs: time.nowMs });
    return after;
  };

  const invokeAt = (name: AliasName, ms: number, atMs: number): Answer => {
    const { functionName, alias } = name;
    const kept = aliasOf(name);
    const isSpreading = atMs < kept.changedAtMs + odd.aliasSpreadSeconds * 1000;
    const live = isSpreading && kept.before !== null ? kept.before : kept;
    const [other, percent = 0] = Object.entries(live.shares)[0] ?? [];
    const isOther = other !== undefined && (++draws * GOLDEN) % 1 < (percent / 100) * odd.splitOffBy;
    const version = closed.has(functionName) ? null : isOther ? other : live.version;
    log.push({ functionName, alias, startMs: atMs, ms, version, isWeighted: other !== undefined });
    return { version, result: version === null ? 'throttled' : 'ok', isSlow: false };
  };

  const invoke = (name: AliasName, ms: number): Answer => {
    const answer = invokeAt(name, ms, time.nowMs);
    pass(ms);
    return answer;
  };

  /** Lets time pass, with the traffic that is driven. */
  const pass = (ms: number): void => {
    const untilMs = time.nowMs + ms;
    while (driven !== null && driven.nextMs < untilMs) {
      const atMs = driven.nextMs;
      const { version } = invokeAt(driven.name, FAST_MS, atMs);
      const key = version ?? 'none';
      const before = tally[key] ?? { requests: 0, failed: 0, slow: 0, lastAtMs: 0 };
      tally = { ...tally, [key]: { ...before, requests: before.requests + 1, lastAtMs: atMs } };
      driven.nextMs += driven.everyMs;
    }
    time.nowMs = untilMs;
  };

  const belongs = ({ name, dimensions }: Series, one: Invocation): boolean => {
    const { FunctionName, Resource, ExecutedVersion } = dimensions;
    if (one.functionName !== FunctionName || `${one.functionName}:${one.alias}` !== Resource) return false;
    if ((name === 'Throttles') !== (one.version === null)) return false;
    if (ExecutedVersion === undefined) return true;
    if (one.version === null) return odd.throttlesOnVersions;
    return (
      one.version === ExecutedVersion && (one.isWeighted || odd.versionSeriesAlways) && !odd.noVersionSeries
    );
  };
  const read = (series: Series, fromMs: number, toMs: number, periodSeconds: number): Point[] => {
    const found = new Map<number, Invocation[]>();
    const base = odd.periodsByClock ? 0 : fromMs;
    for (const one of log.filter((each) => belongs(series, each))) {
      const stampMs = one.startMs + (odd.metricsStampedByEnd ? one.ms : 0);
      const minuteMs = Math.floor(stampMs / MINUTE_MS) * MINUTE_MS;
      if (minuteMs < fromMs || minuteMs >= toMs) continue;
      if (minuteMs + MINUTE_MS + odd.metricsLateSeconds * 1000 > time.nowMs) continue;
      const periodMs = periodSeconds * 1000;
      const startMs = base + Math.floor((minuteMs - base) / periodMs) * periodMs;
      found.set(startMs, [...(found.get(startMs) ?? []), one]);
    }
    return [...found].map(([atMs, ones]) => ({ atMs, value: statOf(series.stat, ones) }));
  };
  const statOf = (stat: string, ones: readonly Invocation[]): number => {
    const bound = /^TC\(:(\d+)\)$/.exec(stat)?.[1];
    if (bound === undefined || odd.thresholdCountsAll) return ones.length;
    return ones.filter(({ ms }) => ms <= Number(bound)).length;
  };

  const ports: Pick<Ports, 'aliases' | 'functions' | 'metrics' | 'traffic'> = {
    aliases: {
      read: async (name) => {
        const { version, shares, revisionId, description } = aliasOf(name);
        return { version, shares, revisionId, description };
      },
      update: async (name, change) => update(name, change),
    },
    functions: {
      invoke: async (name, { sleepMs = FAST_MS }) => invoke(name, Number(sleepMs)),
      publish: async () => String(++versions),
      deleteVersion: async () => {
        if (!odd.deletesNamedVersions) throw named('ResourceConflictException');
      },
      setClosed: async (name, isClosed) => {
        if (isClosed) closed.add(name);
        else closed.delete(name);
      },
    },
    metrics: {
      read: async (series, { fromMs, toMs, periodSeconds }) =>
        series.map((one) =>
          one.namespace === 'AWS/States'
            ? [{ atMs: fromMs, value: 3 }]
            : read(one, fromMs, toMs, periodSeconds),
        ),
      tryOnce: async () => (++calls > odd.quotaOfCalls ? 'throttled' : 'complete'),
    },
    traffic: {
      drive: (name, perMinute) => {
        driven = { name, everyMs: 60_000 / perMinute, nextMs: time.nowMs };
      },
      stop: async () => {
        driven = null;
      },
      tally: () => tally,
      restartTally: () => {
        tally = {};
      },
    },
  };
  const leftovers = () => [
    ...[...closed].map((name) => `${name} is closed`),
    ...(driven !== null && driven.name.functionName === PROBE.functionName ? ['traffic on the probe'] : []),
    ...(Object.keys(aliasOf(PROBE).shares).length > 0 ? ['weights on the probe'] : []),
  ];
  return { ports, pass, update, leftovers };
}
