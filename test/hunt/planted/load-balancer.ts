// Planted bugs of load balancers: rules made, changed and removed at the wrong time.
import { splitActions } from '../../../src/core/targets/alb-rule-listener.ts';
import { trafficOrder } from '../../../src/steps/traffic-order.ts';
import { only } from './grounds.ts';
import { changed, type Ground, type PlantedBug, withRouters } from './planted-bug.ts';

/** The first rollout is slow to make its rule: by then it has been given up, and the next one has its own. */
const SLOW_FIRST_PREPARE: Ground = {
  ports: (ports, { step, rolloutId }) =>
    step === 'start-rollout' && rolloutId === 'r1'
      ? withRouters(ports, (router) => ({
          ...router,
          prepare: async (order, authorise) => {
            await ports.clock.sleep(75_000);
            return router.prepare(order, authorise);
          },
        }))
      : ports,
};

export const LOAD_BALANCER: readonly PlantedBug[] = [
  {
    name: 'rule-made-above-zero',
    says: 'the rule of a rollout is made with 5 % on the canary',
    breaks: ['S3'],
    wants: { target: 'alb' },
    albRouter: (plane, make) =>
      make({
        ...plane,
        createRule: (rule) => {
          const [stable = '', canary = ''] = groupsIn(rule.actions);
          return plane.createRule({ ...rule, actions: splitActions(rule.actions, stable, canary, 5) });
        },
      }),
  },
  {
    name: 'base-rule-before-commit',
    says: 'the base rule is pointed at the canary before the promotion is committed',
    breaks: ['S3'],
    wants: { target: 'alb' },
    steps: (steps) =>
      changed(steps, 'commit-promotion', async (input, ports, real) => {
        const { rolloutId } = input as { readonly rolloutId: string };
        const rollout = (await ports.store.readRow(rolloutId))?.rollout;
        if (rollout != null) {
          const order = trafficOrder(rollout, rollout.epoch, rollout.spec.stages.length + 1);
          await ports.routers[rollout.spec.target.kind].promote(order, async () => {});
        }
        return real(input, ports);
      }),
  },
  {
    name: 'prepare-without-asking',
    says: 'a start removes what it takes for a leftover without asking whose target it is',
    breaks: ['S16'],
    wants: { target: 'alb', ...only('stop-execution', 'start-rollout', 1500), faults: ['start-other'] },
    ground: SLOW_FIRST_PREPARE,
    albRouter: (plane, make) => ({
      ...make(plane),
      prepare: (order) => make(plane).prepare(order, async () => {}),
    }),
  },
];

/** Target groups of the forward action, in their order. */
function groupsIn(actions: Parameters<typeof splitActions>[0]): readonly string[] {
  return actions.flatMap(({ ForwardConfig }) =>
    (ForwardConfig?.TargetGroups ?? []).map(({ TargetGroupArn = '' }) => TargetGroupArn),
  );
}
