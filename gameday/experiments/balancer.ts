// Facts about listener rules: late writes, how soon changes hold, and users whom a cookie keeps on the canary.
import * as z from 'zod';
import { LANDING_SECONDS } from '../../src/core/targets/alb-rule-modes.ts';
import { experiment } from '../core/experiment.ts';
import { errorNameOf } from '../core/probe.ts';
import { judgeAlways } from '../core/statistics.ts';
import type { Ports } from '../ports.ts';

const GUARANTEES = 'docs/guarantees.md#what-is-assumed-about-aws';
const TRIALS = 5;
const PRIORITY = 10;

export const lateModify = experiment({
  id: 'alb-late-modify',
  question: 'Does a ModifyRule that comes after its rule was deleted find no rule?',
  assumption: 'It gets RuleNotFound.',
  place: GUARANTEES,
  method: `${TRIALS} times: a rule is made and deleted, then changed; at once, and again ten seconds later`,
  needs: ['balancer'],
  minutes: () => 2,
  sample: z.object({ error: z.string().nullable() }),
  run: async ({ balancer, clock }, keep) => {
    for (let trial = 0; trial < TRIALS; trial++) {
      const ruleArn = await balancer.createRule({
        path: `/late-${trial}`,
        priority: PRIORITY,
        weights: { blue: 100, green: 0 },
        isSticky: false,
      });
      await balancer.deleteRule(ruleArn);
      for (const waitMs of [0, 10_000]) {
        await clock.sleep(waitMs);
        const error = await errorNameOf(() => balancer.modifyRule(ruleArn, { blue: 0, green: 100 }, false));
        keep({ error });
      }
    }
  },
  judge: (samples) =>
    judgeAlways(
      samples.map(({ error }) => error === 'RuleNotFoundException'),
      'RuleNotFound',
    ),
});

export const duplicatePriority = experiment({
  id: 'alb-duplicate-priority',
  question: 'Is a second rule at the same priority refused?',
  assumption: 'It is, with PriorityInUse: a CreateRule that is sent twice makes one rule.',
  place: 'src/aws/elbv2-alb-prepare.ts',
  method: 'CreateRule twice at one priority',
  needs: ['balancer'],
  minutes: () => 1,
  sample: z.object({ error: z.string().nullable() }),
  run: async ({ balancer }, keep) => {
    const rule = { path: '/twice', priority: PRIORITY, weights: { blue: 100 }, isSticky: false };
    const first = await balancer.createRule(rule);
    const made: string[] = [first];
    try {
      const error = await errorNameOf(async () => {
        made.push(await balancer.createRule(rule));
      });
      keep({ error });
    } finally {
      for (const ruleArn of made) await balancer.deleteRule(ruleArn);
    }
  },
  judge: (samples) =>
    judgeAlways(
      samples.map(({ error }) => error === 'PriorityInUseException'),
      'PriorityInUse',
    ),
});

const ASK_EVERY_MS = 200;
const WATCHED_MS = 90_000;
const SETTLED_MS = 60_000;

/** When the last answer came that was not as wanted, seconds after `sentAtMs`; 0: none did. */
async function lastUnlike(
  { balancer, clock }: Pick<Ports, 'balancer' | 'clock'>,
  path: string,
  wanted: 'green' | null,
  sentAtMs: number,
): Promise<number> {
  let lastMs = sentAtMs;
  while (clock.nowMs() < sentAtMs + WATCHED_MS) {
    const { slot } = await balancer.ask(path, null);
    if (slot !== wanted) lastMs = clock.nowMs();
    await clock.sleep(ASK_EVERY_MS);
  }
  return (lastMs - sentAtMs) / 1000;
}

export const ruleSpreads = experiment({
  id: 'alb-rule-spreads',
  question: 'How long after a change or a deletion of a rule do requests still follow the old one?',
  assumption: `No longer than ${LANDING_SECONDS} s after the request was sent.`,
  place: 'src/core/targets/alb-rule-modes.ts',
  method: `${TRIALS} times blue to green and then deleted; the load balancer asked every ${ASK_EVERY_MS} ms for ${WATCHED_MS / 1000} s`,
  needs: ['balancer'],
  minutes: () => (TRIALS * (2 * WATCHED_MS + SETTLED_MS)) / 60_000,
  sample: z.object({ change: z.enum(['modify', 'delete']), lastSeconds: z.number() }),
  run: async (ports, keep) => {
    const { balancer, clock } = ports;
    for (let trial = 0; trial < TRIALS; trial++) {
      const path = `/spread-${trial}`;
      const rule = { path, priority: PRIORITY, weights: { blue: 100, green: 0 }, isSticky: false };
      const ruleArn = await balancer.createRule(rule);
      let isDeleted = false;
      try {
        await clock.sleep(SETTLED_MS);
        const modifiedAtMs = clock.nowMs();
        await balancer.modifyRule(ruleArn, { blue: 0, green: 100 }, false);
        keep({ change: 'modify', lastSeconds: await lastUnlike(ports, path, 'green', modifiedAtMs) });
        const deletedAtMs = clock.nowMs();
        await balancer.deleteRule(ruleArn);
        isDeleted = true;
        keep({ change: 'delete', lastSeconds: await lastUnlike(ports, path, null, deletedAtMs) });
      } finally {
        if (!isDeleted) await balancer.deleteRule(ruleArn);
      }
    }
  },
  judge: (samples) => {
    const longestOf = (wanted: 'modify' | 'delete') =>
      Math.max(0, ...samples.filter(({ change }) => change === wanted).map(({ lastSeconds }) => lastSeconds));
    const [modify, remove] = [longestOf('modify'), longestOf('delete')];
    return {
      verdict: Math.max(modify, remove) <= LANDING_SECONDS ? 'agrees' : 'disagrees',
      measured: `longest after a change ${modify.toFixed(1)} s, after a deletion ${remove.toFixed(1)} s`,
      values: { modifySeconds: modify, deleteSeconds: remove },
    };
  },
});

const ASKED = 20;
/** Half of the tries land on the canary. */
const MOST_TRIES = 40;

export const stickyCookie = experiment({
  id: 'alb-cookie',
  question:
    'Where does a user go whose AWSALBTG cookie names the canary: at weight 0, and with the group in no rule?',
  assumption: 'To stable once the canary’s group is in no rule.',
  place: GUARANTEES,
  method: `A cookie of the canary from a sticky rule; ${ASKED} requests with it at weight 0, then ${ASKED} with the group removed`,
  needs: ['balancer'],
  minutes: () => 3,
  sample: z.object({ canary: z.enum(['at weight 0', 'removed']), toCanary: z.number(), asked: z.number() }),
  run: async ({ balancer, clock }, keep) => {
    const path = '/sticky';
    const ruleArn = await balancer.createRule({
      path,
      priority: PRIORITY,
      weights: { blue: 50, green: 50 },
      isSticky: true,
    });
    try {
      await clock.sleep(SETTLED_MS);
      const cookie = await cookieOfGreen(balancer, path);
      if (cookie === null) return;
      for (const [canary, weights, isSticky] of [
        ['at weight 0', { blue: 100, green: 0 }, true],
        ['removed', { blue: 100 }, false],
      ] as const) {
        await balancer.modifyRule(ruleArn, weights, isSticky);
        await clock.sleep(SETTLED_MS);
        let toCanary = 0;
        for (let request = 0; request < ASKED; request++) {
          if ((await balancer.ask(path, cookie)).slot === 'green') toCanary++;
        }
        keep({ canary, toCanary, asked: ASKED });
      }
    } finally {
      await balancer.deleteRule(ruleArn);
    }
  },
  judge: (samples) => {
    const toCanaryWhen = (wanted: string) => samples.find(({ canary }) => canary === wanted)?.toCanary;
    const removed = toCanaryWhen('removed');
    const atZero = toCanaryWhen('at weight 0');
    return {
      verdict: removed === undefined ? 'unknown' : removed === 0 ? 'agrees' : 'disagrees',
      measured: `of ${ASKED} requests to the canary: ${atZero ?? '?'} at weight 0, ${removed ?? '?'} with its group removed`,
      values: { atWeightZero: atZero ?? null, removed: removed ?? null },
    };
  },
});

async function cookieOfGreen(balancer: Ports['balancer'], path: string): Promise<string | null> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { slot, cookie } = await balancer.ask(path, null);
    if (slot === 'green' && cookie !== null) return cookie;
  }
  return null;
}
