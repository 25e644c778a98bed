// Making and removing the stacks of a day: in an order in which both work, and nothing of anybody else.
import { describe, expect, it } from 'vitest';
import type { FoundStack } from '../../gameday/core/admission.ts';
import type { Need } from '../../gameday/core/experiment.ts';
import { BALANCER_STACK, DAY_TAG, ENGINE, SAMPLE_STACK, SERVICE_STACK } from '../../gameday/core/names.ts';
import { build, clear, type Deployment, type Estate } from '../../gameday/run/site.ts';

const DAY = '20261121-0900-abc';

function account(names: readonly string[], refuses: Readonly<Record<string, number>> = {}) {
  const stacks = new Map<string, FoundStack>([
    ['Checkout', { name: 'Checkout', tags: { team: 'shop' } }],
    ...names.map((name): [string, FoundStack] => [name, { name, tags: { [DAY_TAG]: DAY } }]),
  ]);
  const left: Record<string, number> = { ...refuses };
  const removed: string[] = [];
  const told: string[] = [];
  const estate: Estate = {
    list: async () => [...stacks.values()],
    remove: async (name) => {
      left[name] = (left[name] ?? 0) - 1;
      if (left[name] >= 0) throw new Error(`${name} is in use`);
      stacks.delete(name);
      removed.push(name);
    },
    removeLoose: async () => {},
  };
  return { estate, stacks, removed, told };
}

const remove = (
  { estate, told }: ReturnType<typeof account>,
  more: {
    readonly day?: string | null;
    readonly stop?: () => Promise<void>;
    readonly hasLoose?: boolean;
    readonly estate?: Partial<Estate>;
  } = {},
) =>
  clear(
    { ...estate, ...more.estate },
    {
      day: more.day === undefined ? DAY : more.day,
      hasLoose: more.hasLoose ?? true,
      stopRollouts: more.stop ?? (async () => {}),
    },
    (line) => told.push(line),
  );

const ALL = [ENGINE, SAMPLE_STACK, BALANCER_STACK, SERVICE_STACK];

describe('removing', () => {
  it('removes the service before the engine that it needs, and nothing without the tag', async () => {
    const world = account(ALL);
    expect(await remove(world)).toEqual([]);
    expect(world.removed).toEqual([SERVICE_STACK, BALANCER_STACK, SAMPLE_STACK, ENGINE]);
    expect([...world.stacks.keys()]).toEqual(['Checkout']);
  });

  it('tries again what could not be removed at first', async () => {
    const world = account(ALL, { [ENGINE]: 2 });
    expect(await remove(world)).toEqual([]);
    expect(world.removed.at(-1)).toBe(ENGINE);
  });

  it('says what is left and why', async () => {
    const world = account(ALL, { [ENGINE]: 99 });
    expect(await remove(world)).toEqual([`CloudFormation stack ${ENGINE}: ${ENGINE} is in use`]);
    expect(world.removed).toContain(SERVICE_STACK);
  });

  it('stops rollouts first, and removes all the same when that fails', async () => {
    const world = account(ALL);
    const stop = () => Promise.reject(new Error('no engine answers'));
    expect(await remove(world, { stop })).toEqual([]);
    expect(world.told[0]).toBe('Rollouts could not be stopped: no engine answers');
  });

  it('does not look for rollouts where there is no engine', async () => {
    const world = account([SAMPLE_STACK]);
    const stop = () => Promise.reject(new Error('asked'));
    expect(await remove(world, { stop })).toEqual([]);
    expect(world.told.join()).not.toContain('asked');
  });

  it('says that it does not know when AWS does not answer', async () => {
    const world = account(ALL);
    const list = () => Promise.reject(new Error('throttled'));
    expect(await remove(world, { estate: { list } })).toEqual([
      `unknown: stacks could not be listed; look for the tag ${DAY_TAG}`,
    ]);
  });

  it('tells what belongs to no stack and is left', async () => {
    const world = account(ALL);
    const removeLoose = () => Promise.reject(new Error('denied'));
    expect(await remove(world, { estate: { removeLoose } })).toEqual([
      'What belongs to no stack is not removed: denied',
    ]);
    expect(world.removed).toHaveLength(4);
  });

  it('does not ask for such things where nothing made any', async () => {
    const world = account(ALL);
    const removeLoose = () => Promise.reject(new Error('asked'));
    expect(await remove(world, { hasLoose: false, estate: { removeLoose } })).toEqual([]);
  });

  it('removes its own day only, or all of them when asked to clean', async () => {
    const world = account(ALL);
    expect(await remove(world, { day: 'another-day' })).toEqual([]);
    expect(world.removed).toEqual([]);
    await remove(world, { day: null });
    expect([...world.stacks.keys()]).toEqual(['Checkout']);
  });
});

describe('deploying', () => {
  async function deployed(needs: readonly Need[], balancerCidr: string | null = null) {
    const deployments: Deployment[] = [];
    const deployer = { deploy: async (one: Deployment) => void deployments.push(one) };
    await build(deployer, { day: DAY, needs: new Set(needs), balancerCidr });
    return deployments;
  }

  it('makes only what the experiments need', async () => {
    expect((await deployed(['sample'])).map(({ stacks }) => stacks)).toEqual([[SAMPLE_STACK]]);
  });

  it('makes the engine before the service that imports from it', async () => {
    const deployments = await deployed(['sample', 'traffic']);
    expect(deployments.map(({ stacks }) => stacks)).toEqual([[SAMPLE_STACK, ENGINE], [SERVICE_STACK]]);
  });

  it('opens the load balancer to the named addresses only', async () => {
    const [first] = await deployed(['balancer'], '203.0.113.7/32');
    expect(first?.stacks).toContain(BALANCER_STACK);
    expect(first?.context).toEqual({ balancerCidr: '203.0.113.7/32' });
  });

  it('tags everything, so that it can be found', async () => {
    for (const { tags } of await deployed(['engine', 'balancer'], '203.0.113.7/32')) {
      expect(tags).toEqual({ [DAY_TAG]: DAY });
    }
  });
});
