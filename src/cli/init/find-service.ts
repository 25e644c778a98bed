// What the command line left open about a service, asked of AWS: its alias, its interface, its slots, its alarms.
import { PermissionError, TransientError } from '../../core/errors.ts';
import type { AlarmSubject, InitReader } from '../../core/init-reader.ts';
import { groupId, groupName, namesInRuleArn } from '../../core/targets/alb-rule-names.ts';
import type { Target } from '../../core/targets/index.ts';
import type { Ask } from '../command.ts';
import { isRegionMissing, isWithoutCredentials, MissingRegionError } from '../failures.ts';
import {
  aliasMissing,
  functionUnknown,
  noAlias,
  ruleUnknown,
  severalAliases,
  slotsNotFound,
} from './refusals.ts';
import type { InitWish, TargetWish } from './wish.ts';

export interface FoundService {
  readonly target: Target;
  readonly alarms: readonly string[];
  /** What was found and what was taken for granted, each a sentence. */
  readonly notes: readonly string[];
}

export interface InitWays {
  /** null: nothing is to be asked of AWS. */
  readonly reader: InitReader | null;
  /** null: there is nobody to ask. */
  readonly ask: Ask | null;
}

/** Throws RejectedError for what AWS does not have, PermissionError and TransientError. */
export async function findService(
  { target: wanted, ...wish }: InitWish,
  ways: InitWays,
): Promise<FoundService> {
  try {
    const found =
      wanted.kind === 'lambda-alias' ? await findAlias(wanted, ways) : await findSlots(wanted, ways);
    const alarms = await findAlarms(wish.alarms, found.target, ways.reader);
    return { target: found.target, alarms: alarms.names, notes: [...found.notes, ...alarms.notes] };
  } catch (error) {
    throw isRegionMissing(error) ? new MissingRegionError('no AWS Region is known', error) : error;
  }
}

type FunctionWish = Extract<TargetWish, { kind: 'lambda-alias' }>;
type RuleWish = Extract<TargetWish, { kind: 'alb-rule' }>;
type FoundTarget = Pick<FoundService, 'target' | 'notes'>;

async function findAlias(wish: FunctionWish, { reader, ask }: InitWays): Promise<FoundTarget> {
  const { functionName } = wish;
  const alias = reader === null ? (wish.alias ?? '') : await readAlias(wish, reader, ask);
  const face = await interfaceOf(wish, alias, reader);
  return {
    target: { kind: 'lambda-alias', functionName, alias, interface: face.interface },
    notes: [...(wish.alias === null ? [`The alias ${alias} was found.`] : []), ...face.notes],
  };
}

async function readAlias(
  { functionName, alias }: FunctionWish,
  reader: InitReader,
  ask: Ask | null,
): Promise<string> {
  const names = await reader.aliases(functionName);
  if (names === null) throw functionUnknown(functionName);
  if (alias !== null) {
    if (names.includes(alias)) return alias;
    throw aliasMissing(functionName, alias, names);
  }
  const [only, ...others] = names;
  if (only === undefined) throw noAlias(functionName);
  if (others.length === 0) return only;
  const chosen = ask === null ? null : await ask(`Which alias of ${functionName} do its callers use?`, names);
  if (chosen === null) throw severalAliases(functionName, names);
  return chosen;
}

interface Face {
  readonly interface: 'http' | 'event';
  readonly notes: readonly string[];
}

async function interfaceOf(
  { functionName, interface: wanted }: FunctionWish,
  alias: string,
  reader: InitReader | null,
): Promise<Face> {
  if (wanted !== null) return { interface: wanted, notes: [] };
  if (reader === null) {
    return { interface: 'http', notes: ['The interface was taken to be http, the stricter one.'] };
  }
  const isHttp = await unlessRefused(() => reader.isHttp(functionName, alias));
  if (isHttp === null) {
    return {
      interface: 'http',
      notes: ['Who may call the alias is not yours to see, so the interface was taken to be http.'],
    };
  }
  return isHttp
    ? { interface: 'http', notes: ['The interface is http: an HTTP front may call the alias.'] }
    : { interface: 'event', notes: ['The interface is event: no HTTP front may call the alias.'] };
}

async function findSlots({ listenerRuleArn, slots }: RuleWish, { reader }: InitWays): Promise<FoundTarget> {
  const groups = reader === null ? null : await reader.targetGroups(listenerRuleArn);
  if (reader !== null && groups === null) throw ruleUnknown(listenerRuleArn);
  const [blue, green, ...others] = groups ?? [];
  const found = blue !== undefined && green !== undefined && others.length === 0 ? { blue, green } : null;
  const taken = slots ?? found;
  if (taken === null) throw slotsNotFound(listenerRuleArn, groups ?? []);
  return {
    target: { kind: 'alb-rule', listenerRuleArn, slots: taken, mode: 'rule-per-rollout' },
    notes:
      slots === null
        ? [
            `The slots are the two target groups of the rule: blue is ${groupName(taken.blue)}, green is ${groupName(taken.green)}.`,
          ]
        : [],
  };
}

interface FoundAlarms {
  readonly names: readonly string[];
  readonly notes: readonly string[];
}

/** Most that a service file takes. */
const MAX_ALARMS = 100;

async function findAlarms(
  wanted: readonly string[] | null,
  target: Target,
  reader: InitReader | null,
): Promise<FoundAlarms> {
  if (wanted !== null) return { names: wanted, notes: [] };
  if (reader === null)
    return { names: [], notes: ['No alarms: name those that watch the service with --alarm.'] };
  const found = await unlessRefused(() => reader.alarms(subjectOf(target)));
  if (found === null)
    return { names: [], notes: ['No alarms: they are not yours to see. Name them with --alarm.'] };
  const names = found.names.slice(0, MAX_ALARMS);
  const rest = found.isComplete ? '' : ' There are more alarms in this account than were looked at.';
  if (names.length === 0) return { names, notes: [`No alarm watches the target yet.${rest}`] };
  const list = names.length === 1 ? 'One alarm watches' : `${names.length} alarms watch`;
  return {
    names,
    notes: [`${list} the target, by its metric. Take out what says nothing of a release.${rest}`],
  };
}

function subjectOf(target: Target): AlarmSubject {
  if (target.kind === 'lambda-alias') return { kind: 'function', functionName: target.functionName };
  const { loadBalancerId } = namesInRuleArn(target.listenerRuleArn);
  return { kind: 'load-balancer', loadBalancerId, groupIds: Object.values(target.slots).map(groupId) };
}

/** null: not allowed, or no answer, and the file can be written without it. */
async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    const isBearable = error instanceof PermissionError || error instanceof TransientError;
    if (!isBearable || isWithoutCredentials(error)) throw error;
    return null;
  }
}
