// The Lambda alias of a run: two published versions at the start, more as pipelines and people bring them.
import type { Writer } from '../../src/core/audit/trace.ts';
import type { TrafficRouter } from '../../src/ports.ts';
import {
  type AliasConfiguration,
  type LambdaControlPlane,
  lambdaControlPlane,
} from '../../src/sim/memory-lambda.ts';
import { memoryLambdaRouter } from '../../src/sim/memory-lambda-router.ts';
import type { Call } from './calls.ts';
import type { Mutation } from './mutation.ts';
import { HOTFIX, STABLE } from './plan.ts';
import { ALIAS, ASIDE, FUNCTION } from './plan-service.ts';
import type { Recorder } from './recorder.ts';
import { attributed, type HuntTarget } from './target.ts';

/** An alias, what it serves at the start, and what is published. */
interface Place {
  readonly functionName: string;
  readonly alias: string;
  readonly versions: readonly [string, ...string[]];
}

export const MAIN: Place = {
  functionName: FUNCTION,
  alias: ALIAS,
  versions: [STABLE, '42', '43', '44', '45', HOTFIX],
};

export const ASIDE_ALIAS: Place = {
  functionName: ASIDE.functionName,
  alias: ASIDE.alias,
  versions: [ASIDE.stable, ASIDE.canary],
};

export function lambdaTarget(
  place: Place,
  recorder: Recorder,
  mutation: Pick<Mutation, 'lambdaRouter'> & {
    readonly lambdaPlane?: Mutation['lambdaPlane'] | undefined;
  } = {},
): HuntTarget {
  const { functionName, alias: name } = place;
  const truth = startingPlane(place);
  const plane = mutation.lambdaPlane?.(truth) ?? truth;
  const alias = (): AliasConfiguration => {
    const found = truth.peek(functionName, name);
    if (found === null) throw new TypeError('the alias is gone');
    return found;
  };
  const edit = (change: Partial<AliasConfiguration>): boolean => {
    const { revisionId } = alias();
    try {
      truth.edit(functionName, name, change);
    } catch {
      // Lambda refuses what cannot be routed, of people too
      return false;
    }
    return alias().revisionId !== revisionId;
  };
  const make = (routed: LambdaControlPlane): TrafficRouter =>
    mutation.lambdaRouter?.(routed, memoryLambdaRouter) ?? memoryLambdaRouter(routed);
  return {
    shares: () => sharesOf(alias()),
    onChange: (listener) => truth.onChange(listener),
    routerFor: (call) => attributed((writer) => make(faulty(plane, call, recorder, writer))),
    provide: () => {},
    canaryShare: () => {
      const [weight] = Object.values(alias().additionalWeights);
      return weight === undefined ? null : Math.round(weight * 10_000) / 100;
    },
    setWeight: (percent) => {
      const [canary] = Object.keys(alias().additionalWeights);
      return canary !== undefined && edit({ additionalWeights: { [canary]: percent / 100 } });
    },
    hotfix: (isWhole) => edit({ functionVersion: HOTFIX, ...(isWhole ? { additionalWeights: {} } : {}) }),
    emergencyStop: () => Object.keys(alias().additionalWeights).length > 0 && edit({ additionalWeights: {} }),
    deploy: (version) => edit({ functionVersion: version, additionalWeights: {} }),
    deleteVersion: (version) => {
      try {
        truth.deleteVersion(functionName, version);
      } catch {
        // refused: an alias names it
      }
    },
    failHealth: () => null,
  };
}

function startingPlane({ functionName, alias, versions }: Place): LambdaControlPlane {
  return lambdaControlPlane({
    [functionName]: {
      versions: versions.map((version) => ({
        version,
        roleArn: 'arn:aws:iam::123456789012:role/service',
        deadLetterArn: null,
        timeoutSeconds: 3,
      })),
      aliases: { [alias]: { functionVersion: versions[0] } },
    },
  });
}

/** The plane as one router call meets it. */
function faulty(
  plane: LambdaControlPlane,
  call: Call,
  recorder: Recorder,
  writer: Writer | null,
): LambdaControlPlane {
  const through = <T>(api: string, effect: () => Promise<T>): Promise<T> =>
    call(api, () => (writer === null ? effect() : recorder.as(writer, effect)));
  return {
    ...plane,
    getAlias: (name, alias) => through('lambda.GetAlias', () => plane.getAlias(name, alias)),
    updateAlias: (name, alias, change, revisionId) =>
      through('lambda.UpdateAlias', () => plane.updateAlias(name, alias, change, revisionId)),
    getVersion: (name, version) =>
      through('lambda.GetFunctionConfiguration', () => plane.getVersion(name, version)),
    hasProvisionedConcurrency: (name, alias) =>
      through('lambda.GetProvisionedConcurrencyConfig', () => plane.hasProvisionedConcurrency(name, alias)),
    isInvokedByHttpFront: (name, alias) =>
      through('lambda.GetPolicy', () => plane.isInvokedByHttpFront(name, alias)),
  };
}

function sharesOf({
  functionVersion,
  additionalWeights,
}: AliasConfiguration): Readonly<Record<string, number>> {
  const additional = Object.entries(additionalWeights).map(
    ([version, weight]) => [version, Math.round(weight * 10_000) / 100] as const,
  );
  const taken = additional.reduce((sum, [, percent]) => sum + percent, 0);
  const shares = [...additional, [functionVersion, Math.round((100 - taken) * 100) / 100] as const];
  return Object.fromEntries(shares.filter(([, percent]) => percent > 0));
}
