// Emergency stop of a Lambda alias: one UpdateAlias that clears its weights. The primary version of the alias is the
// stable one until a promotion is committed, so that is where all traffic goes.
import { IncompleteError } from '../../core/errors.ts';
import { plainText } from '../../core/plain-text.ts';
import {
  attempt,
  type EmergencyStop,
  type EmergencyWays,
  ENGINE_FOLLOWS,
  type Reading,
  type Shares,
  type StopCall,
} from './stop.ts';
import type { AliasWish } from './wish.ts';

/** Longest description of an alias (Lambda API reference, UpdateAlias). */
const MAX_DESCRIPTION_CHARACTERS = 256;

export function clearWeightsCall({ functionName, alias }: AliasWish): StopCall {
  const aws = `aws lambda update-alias --function-name ${functionName} --name ${alias} --routing-config 'AdditionalVersionWeights={}'`;
  return { call: 'UpdateAlias', on: `${functionName}:${alias}`, aws };
}

/** Reads the alias where that is allowed, to show what changed; the stop itself needs UpdateAlias alone. */
export async function planAliasStop(
  wish: AliasWish,
  { alias, now }: EmergencyWays,
  caller: string,
): Promise<EmergencyStop> {
  const call = clearWeightsCall(wish);
  const description = plainText(
    `Emergency stop at ${new Date(now()).toISOString()} by ${caller}`,
    MAX_DESCRIPTION_CHARACTERS,
  );
  return {
    target: call.on,
    calls: [call],
    before: await attempt(() => alias.read(wish.functionName, wish.alias)),
    run: async (): Promise<Reading<Shares>> => {
      const after = await alias.clearWeights(wish.functionName, wish.alias, description);
      if (Object.keys(after).length === 1) return { value: after };
      throw new IncompleteError(`UpdateAlias ${call.on} was answered with weights still on the alias`);
    },
    sentence: `The weights of ${call.on} are cleared: all traffic goes to the alias's own version.`,
    afterwards: [
      ENGINE_FOLLOWS,
      `If that version is the bad one, it was promoted before. Name the good one: ${call.aws} --function-version GOOD`,
    ],
  };
}
