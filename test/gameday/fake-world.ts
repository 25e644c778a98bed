// All ports of the game day in memory, as our documents assume AWS to be, with the ways in which it could be different.

import { TEMPLATE_ALIAS } from '../../gameday/core/names.ts';
import type { Balancer, BalancerAnswer, Ports, Recorded, Slot } from '../../gameday/ports.ts';
import { BEATS } from '../../gameday/stacks/function-code.ts';
import {
  fakeLambda,
  AS_ASSUMED as LAMBDA_AS_ASSUMED,
  type Oddities as LambdaOddities,
  named,
} from './fake-lambda.ts';
import { fakeRollouts, ROLLOUTS_AS_ASSUMED, type RolloutOddities } from './fake-rollouts.ts';

export interface Oddities extends LambdaOddities, RolloutOddities {
  eventDelayMs: number;
  losesEvents: boolean;
  disabledIsSilent: boolean;
  mutedIsSilent: boolean;
  actionsFail: boolean;
  actionsAreSilent: boolean;
  stopKillsFunction: boolean;
  deploymentResetsAlias: boolean;
  resourceTagHonoured: boolean;
  updateNeedsMore: boolean;
  lateModifyRevives: boolean;
  priorityTwice: boolean;
  ruleSpreadSeconds: number;
  cookieOutlivesGroup: boolean;
}

const AS_ASSUMED: Oddities = {
  ...LAMBDA_AS_ASSUMED,
  ...ROLLOUTS_AS_ASSUMED,
  eventDelayMs: 700,
  losesEvents: false,
  disabledIsSilent: false,
  mutedIsSilent: false,
  actionsFail: false,
  actionsAreSilent: false,
  stopKillsFunction: false,
  deploymentResetsAlias: false,
  resourceTagHonoured: false,
  updateNeedsMore: false,
  lateModifyRevives: false,
  priorityTwice: false,
  ruleSpreadSeconds: 4,
  cookieOutlivesGroup: false,
};

/** Ten seconds into a minute that is not a multiple of five. */
export const START_MS = Date.UTC(2026, 10, 21, 9, 2, 10);

export function fakeWorld(differs: Partial<Oddities> = {}) {
  const odd: Oddities = { ...AS_ASSUMED, ...differs };
  const time = { nowMs: START_MS };
  const lambda = fakeLambda(time, odd);
  const sleep = async (ms: number): Promise<void> => lambda.pass(Math.max(ms, 0));
  const events = fakeEvents(time, odd);
  const { alarms, recorder, machines } = events;
  const balancer = fakeBalancer(time, odd);
  const rollouts = fakeRollouts(time, odd, lambda.update);
  const ports: Ports = {
    ...lambda.ports,
    clock: { nowMs: () => time.nowMs, sleep },
    aliases: {
      ...lambda.ports.aliases,
      read: async (name) => {
        rollouts.settle();
        return lambda.ports.aliases.read(name);
      },
    },
    alarms: {
      ...alarms,
      setState: async (name, state, reason) => {
        if (state === 'ALARM') rollouts.onAlarm();
        await alarms.setState(name, state, reason);
      },
    },
    recorder,
    machines: {
      ...machines,
      stop: async (executionArn) => {
        rollouts.onStop(executionArn);
        await machines.stop(executionArn);
      },
      history: async () => rollouts.history(),
    },
    rollouts: rollouts.port,
    balancer: balancer.port,
    stacks: {
      touch: async () => {
        if (odd.deploymentResetsAlias) lambda.update(TEMPLATE_ALIAS, { shares: {} });
      },
      redeployEngine: async () => rollouts.onRedeploy(),
    },
    aliasesAs: async ([statement]) => ({
      ...lambda.ports.aliases,
      update: async (name, change) => {
        const hasTag =
          statement?.Condition === undefined ||
          (odd.resourceTagHonoured && name.functionName.includes('tagged'));
        if (!hasTag || odd.updateNeedsMore) throw named('AccessDeniedException');
        return lambda.update(name, change);
      },
    }),
  };
  /** What an experiment must not leave behind for the next one. */
  const leftovers = () => [...lambda.leftovers(), ...events.leftovers(), ...balancer.leftovers()];
  return { ports, time, odd, leftovers };
}

function fakeEvents(time: { nowMs: number }, odd: Oddities) {
  const alarmEvents: (Recorded & { readonly name: string })[] = [];
  const summaries: string[] = [];
  let isDisabled = false;
  let isMuted = false;
  let beatsFromMs = Number.POSITIVE_INFINITY;
  let beatsToMs = Number.POSITIVE_INFINITY;
  const alarms: Ports['alarms'] = {
    setState: async (name, state) => {
      if (state === 'OK') return;
      summaries.push(odd.actionsFail ? 'Failed to execute action' : 'Successfully executed action');
      if (odd.losesEvents || (isDisabled && odd.disabledIsSilent) || (isMuted && odd.mutedIsSilent)) return;
      const receivedAtMs = time.nowMs + odd.eventDelayMs;
      alarmEvents.push({ name, receivedAtMs, happenedAtMs: time.nowMs });
    },
    setActionsEnabled: async (_name, areEnabled) => {
      isDisabled = !areEnabled;
    },
    mute: async () => {
      isMuted = true;
    },
    unmute: async () => {
      isMuted = false;
    },
    actionsSince: async () => (odd.actionsAreSilent ? [] : summaries),
  };
  const recorder: Ports['recorder'] = {
    read: async (key) => {
      if (key.startsWith('alarm/')) {
        return alarmEvents.filter(
          ({ name, receivedAtMs }) => key === `alarm/${name}` && receivedAtMs <= time.nowMs,
        );
      }
      const beats = Array.from({ length: BEATS }, (_, index) => beatsFromMs + index * 1000);
      return beats
        .filter((atMs) => atMs <= Math.min(time.nowMs, beatsToMs))
        .map((receivedAtMs) => ({ receivedAtMs, happenedAtMs: null }));
    },
  };
  const machines: Pick<Ports['machines'], 'startBeating' | 'stop'> = {
    startBeating: async (run) => {
      beatsFromMs = time.nowMs + 500;
      return `arn:beating:${run}`;
    },
    stop: async () => {
      if (odd.stopKillsFunction) beatsToMs = time.nowMs;
    },
  };
  const leftovers = () => [...(isDisabled ? ['disabled actions'] : []), ...(isMuted ? ['a mute rule'] : [])];
  return { alarms, recorder, machines, leftovers };
}

interface Rule {
  readonly path: string;
  readonly priority: number;
  readonly weights: Readonly<Partial<Record<Slot, number>>>;
}

function fakeBalancer(time: { nowMs: number }, odd: Oddities) {
  const rules = new Map<string, Rule>();
  /** What requests still follow, until then. */
  let stale: { readonly rules: ReadonlyMap<string, Rule>; readonly untilMs: number } | null = null;
  let made = 0;
  let asked = 0;
  const change = (make: () => void): void => {
    stale = { rules: new Map(rules), untilMs: time.nowMs + odd.ruleSpreadSeconds * 1000 };
    make();
  };
  const port: Balancer = {
    createRule: async ({ path, priority, weights }) => {
      const isTaken = [...rules.values()].some((rule) => rule.priority === priority);
      if (isTaken && !odd.priorityTwice) throw named('PriorityInUseException');
      const ruleArn = `rule-${++made}`;
      change(() => rules.set(ruleArn, { path, priority, weights }));
      return ruleArn;
    },
    modifyRule: async (ruleArn, weights) => {
      const rule = rules.get(ruleArn);
      if (rule !== undefined) change(() => rules.set(ruleArn, { ...rule, weights }));
      else if (!odd.lateModifyRevives) throw named('RuleNotFoundException');
    },
    deleteRule: async (ruleArn) => change(() => rules.delete(ruleArn)),
    ask: async (path, cookie): Promise<BalancerAnswer> => {
      const live = stale !== null && time.nowMs < stale.untilMs ? stale.rules : rules;
      const rule = [...live.values()].find((one) => one.path === path);
      if (rule === undefined) return { slot: null, status: 404, cookie: null };
      const { blue = 0, green = 0 } = rule.weights;
      const isPinned = cookie === 'green' && ('green' in rule.weights || odd.cookieOutlivesGroup);
      const isGreen = isPinned || (green > 0 && (blue === 0 || ++asked % 2 === 0));
      const slot: Slot = isGreen ? 'green' : 'blue';
      return { slot, status: 200, cookie: slot };
    },
  };
  return { port, leftovers: () => [...rules.keys()] };
}
