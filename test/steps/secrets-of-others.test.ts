// What people and alarms write can hold a secret by accident; the record and every message quote them.
import { expect, it } from 'vitest';
import type { RolloutEvent } from '../../src/core/events.ts';
import type { Ports } from '../../src/ports.ts';
import { runStep } from '../../src/runtime/run-step.ts';
import { bake } from '../../src/steps/bake.ts';
import { handleAlarmEvent } from '../../src/steps/handle-alarm-event.ts';
import { judgeCanary } from '../../src/steps/judge-canary.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { signalRollout } from '../../src/steps/signal-rollout.ts';
import { ROLLOUT_ID, START_MS, startedWorld } from '../support/step-world.ts';

const WEBHOOK = 'https://hooks.slack.com/services/T012AB3CD/B045EF6GH/abcdefghijklmnopqrstuvwx';

/** The world, and everything that its events say. */
async function listenedWorld() {
  const { world, rollout } = await startedWorld();
  const published: RolloutEvent[] = [];
  const publish = async (events: readonly RolloutEvent[]): Promise<void> => {
    published.push(...events);
  };
  const ports: Ports = { ...world.ports, events: { publish } };
  const kept = async (): Promise<string> =>
    JSON.stringify([await world.row(), await ports.store.readAudit(ROLLOUT_ID), published]);
  return { world, rollout, ports, kept };
}

// found by the hunt: an alarm whose description held a webhook was quoted in the record and in every message
it('keeps no secret of an alarm’s reason', async () => {
  const { world, rollout, ports, kept } = await listenedWorld();
  world.alarms.set('Checkout5xx', 'INSUFFICIENT_DATA', `see ${WEBHOOK}`, START_MS);
  const shifted = await shiftTraffic.run(rollout, ports);
  world.advance(60);
  await judgeCanary.run(shifted, ports);
  const state = { value: 'ALARM', reason: `see ${WEBHOOK}`, timestamp: new Date(START_MS).toISOString() };
  await runStep(handleAlarmEvent, ports, { detail: { alarmName: 'Checkout5xx', state } });
  expect(await kept()).toContain('see [secret removed]');
  expect(await kept()).not.toContain('hooks.slack.com');
});

it.each(['pause', 'abort'])('keeps no secret of what a person writes with %s', async (signal) => {
  const { rollout, ports, kept } = await listenedWorld();
  await bake.run({ rollout, token: 'token-1' }, ports);
  const message = `told the team with ${WEBHOOK}`;
  await runStep(signalRollout, ports, { rolloutId: ROLLOUT_ID, signal, actor: 'ana', message });
  expect(await kept()).toContain('told the team with [secret removed]');
  expect(await kept()).not.toContain('hooks.slack.com');
});
