// The sample load balancer: its rules by the API, its answers by HTTP.
import {
  type Action,
  CreateRuleCommand,
  DeleteRuleCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CLIENT_CONFIG } from '../../src/aws/client-config.ts';
import type { Balancer, Slot } from '../ports.ts';

export interface BalancerSite {
  readonly host: string;
  readonly listenerArn: string;
  readonly groups: Readonly<Record<Slot, string>>;
}

const COOKIE = 'AWSALBTG';
const STICKY_SECONDS = 3600;
const ANSWER_MS = 10_000;
const SLOTS: readonly Slot[] = ['blue', 'green'];

/** @param site known once the load balancer was deployed */
export function elbv2Balancer(
  site: () => Promise<BalancerSite>,
  client = new ElasticLoadBalancingV2Client(CLIENT_CONFIG),
  request: typeof fetch = fetch,
): Balancer {
  const actions = async (
    weights: Readonly<Partial<Record<Slot, number>>>,
    isSticky: boolean,
  ): Promise<Action[]> => {
    const { groups } = await site();
    return [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: SLOTS.flatMap((slot) => {
            const Weight = weights[slot];
            return Weight === undefined ? [] : [{ TargetGroupArn: groups[slot], Weight }];
          }),
          TargetGroupStickinessConfig: isSticky
            ? { Enabled: true, DurationSeconds: STICKY_SECONDS }
            : { Enabled: false },
        },
      },
    ];
  };
  return {
    createRule: async ({ path, priority, weights, isSticky }) => {
      const { Rules = [] } = await client.send(
        new CreateRuleCommand({
          ListenerArn: (await site()).listenerArn,
          Priority: priority,
          Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [path] } }],
          Actions: await actions(weights, isSticky),
        }),
      );
      const ruleArn = Rules[0]?.RuleArn;
      if (ruleArn === undefined) throw new Error('the load balancer named no rule');
      return ruleArn;
    },
    modifyRule: async (RuleArn, weights, isSticky) => {
      await client.send(new ModifyRuleCommand({ RuleArn, Actions: await actions(weights, isSticky) }));
    },
    deleteRule: async (RuleArn) => {
      await client.send(new DeleteRuleCommand({ RuleArn }));
    },
    ask: async (path, cookie) => {
      const answer = await request(`http://${(await site()).host}${path}`, {
        headers: cookie === null ? {} : { cookie: `${COOKIE}=${cookie}` },
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const body = (await answer.text()).trim();
      return {
        slot: SLOTS.find((slot) => slot === body) ?? null,
        status: answer.status,
        cookie: cookieIn(answer.headers.getSetCookie()),
      };
    },
  };
}

function cookieIn(headers: readonly string[]): string | null {
  const found = headers.find((header) => header.startsWith(`${COOKIE}=`));
  return found?.slice(COOKIE.length + 1).split(';')[0] ?? null;
}
