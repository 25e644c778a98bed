// Makes the stacks of a day and removes them again, in an order in which both can work.
import { messageOf } from '../../src/core/errors.ts';
import type { FoundStack } from '../core/admission.ts';
import type { Need } from '../core/experiment.ts';
import { BALANCER_STACK, DAY_TAG, ENGINE, SAMPLE_STACK, SERVICE_STACK, STACKS } from '../core/names.ts';

export interface Deployment {
  readonly stacks: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, string>>;
}

/** Puts stacks into the account. */
export interface Deployer {
  readonly deploy: (deployment: Deployment) => Promise<void>;
}

/** What stands in the account, and how it is removed. */
export interface Estate {
  /** All stacks of the Region. */
  readonly list: () => Promise<readonly FoundStack[]>;
  /** Answers once it is gone. Throws with the reason when it is not. */
  readonly remove: (stackName: string) => Promise<void>;
  /** Removes what the game day makes outside of stacks. Idempotent. */
  readonly removeLoose: () => Promise<void>;
}

/** Context values of stacks/game-day-app.ts. */
export const CIDR_CONTEXT = 'balancerCidr';
export const REDEPLOY_CONTEXT = 'redeploy';

export interface BuildWish {
  readonly day: string;
  readonly needs: ReadonlySet<Need>;
  readonly balancerCidr: string | null;
}

/** The service comes last: it imports from the engine. */
export async function build(deployer: Deployer, { day, needs, balancerCidr }: BuildWish): Promise<void> {
  const hasEngine = needs.has('engine') || needs.has('traffic');
  const hasBalancer = needs.has('balancer') && balancerCidr !== null;
  const tags = { [DAY_TAG]: day };
  const context = hasBalancer ? { [CIDR_CONTEXT]: balancerCidr } : {};
  const first = [SAMPLE_STACK, ...(hasEngine ? [ENGINE] : []), ...(hasBalancer ? [BALANCER_STACK] : [])];
  await deployer.deploy({ stacks: first, tags, context });
  if (hasEngine) await deployer.deploy({ stacks: [SERVICE_STACK], tags, context });
}

const PASSES = 3;

export interface Removal {
  /** null: of all days. */
  readonly day: string | null;
  /** Whether something may be there that belongs to no stack. */
  readonly hasLoose: boolean;
  /** While one runs its service is not removed; when this fails, removing is tried all the same. */
  readonly stopRollouts: () => Promise<void>;
}

/** Removes what carries the tag of a game day, and only that. Never throws: what is left is told. */
export async function clear(
  estate: Estate,
  { day, hasLoose, stopRollouts }: Removal,
  remark: (line: string) => void,
): Promise<readonly string[]> {
  const left: string[] = [];
  if (hasLoose) {
    await unless('What belongs to no stack is not removed', estate.removeLoose, (told) => {
      left.push(told);
      remark(told);
    });
  }
  const reasons = new Map<string, string>();
  for (let pass = 1; pass <= PASSES; pass++) {
    const found = await ours(estate, day, remark);
    if (found === null) return [...left, UNKNOWN];
    if (found.length === 0) return left;
    if (pass === 1 && found.includes(ENGINE)) {
      await unless('Rollouts could not be stopped', stopRollouts, remark);
    }
    for (const name of found) await removeOne(estate, name, reasons, remark);
  }
  const stacks = await ours(estate, day, remark);
  if (stacks === null) return [...left, UNKNOWN];
  return [
    ...left,
    ...stacks.map((name) => `CloudFormation stack ${name}: ${reasons.get(name) ?? 'still there'}`),
  ];
}

const UNKNOWN = `unknown: stacks could not be listed; look for the tag ${DAY_TAG}`;

/** Goes on where it fails, and tells so. */
async function unless(what: string, call: () => Promise<void>, tell: (line: string) => void): Promise<void> {
  try {
    await call();
  } catch (error) {
    tell(`${what}: ${messageOf(error)}`);
  }
}

async function removeOne(
  estate: Estate,
  name: string,
  reasons: Map<string, string>,
  remark: (line: string) => void,
): Promise<void> {
  remark(`Removing ${name} …`);
  try {
    await estate.remove(name);
  } catch (error) {
    reasons.set(name, messageOf(error));
    remark(`${name} is not removed yet: ${messageOf(error)}`);
  }
}

/** In the order of removal; null when AWS does not tell. */
async function ours(
  estate: Estate,
  day: string | null,
  remark: (line: string) => void,
): Promise<readonly string[] | null> {
  try {
    const found = await estate.list();
    return found
      .filter(({ tags }) => (day === null ? DAY_TAG in tags : tags[DAY_TAG] === day))
      .map(({ name }) => name)
      .toSorted((a, b) => orderOf(a) - orderOf(b));
  } catch (error) {
    remark(`Stacks could not be listed: ${messageOf(error)}`);
    return null;
  }
}

/** What is not known by name goes first: nothing of ours can need it. */
function orderOf(name: string): number {
  return STACKS.indexOf(name);
}
