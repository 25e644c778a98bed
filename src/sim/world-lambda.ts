// The Lambda alias of a simulated world, as the scenario leaves it at the start.
import type { ServiceSpec } from '../core/service-spec.ts';
import type { LambdaAliasTarget } from '../core/targets/lambda-alias.ts';
import { type AliasConfiguration, type LambdaControlPlane, lambdaControlPlane } from './memory-lambda.ts';
import { memoryLambdaRouter } from './memory-lambda-router.ts';
import type { Scenario } from './scenario.ts';
import type { Shares } from './traffic-model.ts';
import type { ApiFaults } from './world-faults.ts';
import type { TargetWorld } from './world-target.ts';

const ROLE = 'arn:aws:iam::123456789012:role/service';

export function lambdaWorld(spec: ServiceSpec, scenario: Scenario, faults: ApiFaults): TargetWorld {
  if (spec.target.kind !== 'lambda-alias') throw new TypeError(`no Lambda alias: ${spec.target.kind}`);
  const { functionName, alias } = spec.target;
  const plane = startingPlane(spec.target, scenario);
  plane.hooks.before = faults.before;
  plane.hooks.after = faults.after;
  const { version, world } = scenario;
  const httpStream = spec.checks.errors.http5xx === null ? null : world.httpStream;
  return {
    router: memoryLambdaRouter(plane),
    // an answer of 500 is a success to Lambda; only the service's own metric counts it
    visibleErrors: ({ errors, http500 }) => errors + (httpStream === 'reports' ? http500 : 0),
    httpStream,
    shares: () => sharesOf(plane.peek(functionName, alias), world.liveVersion, version),
    onChange: (listener) => plane.onChange(listener),
    setWeight: (percent) =>
      plane.edit(functionName, alias, {
        functionVersion: world.liveVersion,
        additionalWeights: { [version]: percent / 100 },
        description: 'by hand',
      }),
    hotfix: (hotfixVersion) =>
      plane.edit(functionName, alias, {
        functionVersion: hotfixVersion,
        additionalWeights: {},
        description: 'hotfix by hand',
      }),
  };
}

function startingPlane(target: LambdaAliasTarget, { version, world, people }: Scenario): LambdaControlPlane {
  const { split } = world;
  const hotfixes = people.flatMap((person) => (person.does === 'hotfix' ? [person.version] : []));
  const published = new Set([
    ...(world.published ?? [world.liveVersion, version]),
    ...(split === undefined ? [] : [split.version]),
    ...hotfixes,
  ]);
  return lambdaControlPlane({
    [target.functionName]: {
      versions: [...published].map((name) => ({
        version: name,
        roleArn: name === version ? (world.newVersionRole ?? ROLE) : ROLE,
        deadLetterArn: null,
        timeoutSeconds: world.timeout,
      })),
      aliases: {
        [target.alias]: {
          functionVersion: world.liveVersion,
          additionalWeights: split === undefined ? {} : { [split.version]: split.weight / 100 },
          hasProvisionedConcurrency: world.provisionedConcurrency,
          invokedByHttpFront: world.calledOverHttp,
        },
      },
    },
  });
}

function sharesOf(alias: AliasConfiguration | null, stable: string, canary: string): Shares {
  if (alias === null) return { stable: 0, canary: 0 };
  const additional = Object.values(alias.additionalWeights).reduce((sum, weight) => sum + weight, 0);
  const share = (version: string): number =>
    100 *
    ((alias.additionalWeights[version] ?? 0) + (alias.functionVersion === version ? 1 - additional : 0));
  return { stable: share(stable), canary: share(canary) };
}
