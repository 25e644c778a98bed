// The service of the game day, as a team would write it: short stages, and answers that come without a person.
import type { WrittenServiceFile } from '../../src/core/service-file.ts';

export const SERVICE = 'gameday';

/** What a canary must be worse than by far: the sample answers in 20 ms, its slow version in 600 ms. */
const LATENCY_LIMIT = '300ms';

export function serviceFile(target: {
  readonly functionName: string;
  readonly alias: string;
  readonly alarm: string;
}): WrittenServiceFile {
  return {
    service: SERVICE,
    target: {
      lambdaAlias: { function: target.functionName, alias: target.alias, interface: 'event' },
    },
    stages: [
      { weight: '20%', bake: '4m' },
      { weight: '50%', bake: '3m' },
    ],
    checks: {
      latency: { limit: LATENCY_LIMIT, onLimit: 'rollback', warmUp: '1m' },
      alarms: [target.alarm],
    },
    maxHold: '6m',
    // nobody sits there to answer
    onInconclusive: 'rollback',
  };
}

/** What is sent to the sample, requests a minute. */
export const REQUESTS_PER_MINUTE = 1200;
/** Stable's usual latency is taken from what came before a rollout. */
export const WARM_UP_MINUTES = 10;
