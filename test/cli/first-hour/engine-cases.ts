// What a newcomer gets wrong about an engine: which rollout, which version, which service; and with a stream for the judge.
import { judgeCommandOn } from '../../../src/cli/commands/judge.ts';
import { signalCommandsOn } from '../../../src/cli/commands/signals.ts';
import { startCommandOn } from '../../../src/cli/commands/start.ts';
import { statusCommandOn } from '../../../src/cli/commands/status.ts';
import { plainReason } from '../../../src/core/verdict.ts';
import { type CliRun, runInMemory } from '../../support/run-cli.ts';
import { ROLLOUT_ID, START_MS, type StepWorld } from '../../support/step-world.ts';
import { beginRollout, memoryEngine } from './memory-engine.ts';

export interface EngineCase {
  readonly name: string;
  readonly argv: readonly string[];
  readonly before?: (world: StepWorld) => Promise<unknown>;
}

export const ENGINE_CASES: readonly EngineCase[] = [
  { name: 'service-not-registered', argv: ['start', 'chekout', '42', '--wait'] },
  { name: 'version-not-published', argv: ['start', 'checkout', '99', '--wait'] },
  { name: 'version-is-live', argv: ['start', 'checkout', '41', '--wait'] },
  { name: 'second-start', argv: ['start', 'checkout', '43', '--wait'], before: beginRollout },
  {
    name: 'alarm-fires-already',
    argv: ['start', 'checkout', '42', '--wait'],
    before: async ({ alarms }) => alarms.set('Checkout5xx', 'ALARM', '12 answers of 500', START_MS),
  },
  { name: 'status-of-unknown-rollout', argv: ['status', 'checkout-42-9'] },
  { name: 'status-by-service-name', argv: ['status', 'Checkout 42'] },
  { name: 'approve-of-unknown-rollout', argv: ['approve', 'checkout-42-9'] },
  { name: 'approve-of-finished-rollout', argv: ['approve', ROLLOUT_ID], before: endedRollout },
  { name: 'approve-of-nothing-asked', argv: ['approve', ROLLOUT_ID], before: beginRollout },
  { name: 'approve-of-another-stage', argv: ['approve', ROLLOUT_ID, '--stage', '2'], before: beginRollout },
];

async function endedRollout(world: StepWorld): Promise<void> {
  await beginRollout(world);
  const { store } = world.ports;
  const reason = plainReason('Errors 4.8 % against 0.4 %.', 'errors');
  await store.beginRevert(ROLLOUT_ID);
  await store.close(ROLLOUT_ID, { outcome: 'ROLLED_BACK', reason, atMs: START_MS });
}

/** Nothing here is worth waiting for: every rollout that is started was refused. */
const MAX_SLEEPS = 50;

export async function runWithEngine({ argv, before }: EngineCase): Promise<CliRun> {
  const { open, world } = memoryEngine();
  await before?.(await world());
  let nowMs = START_MS;
  let sleeps = 0;
  const sleep = async (ms: number) => {
    sleeps += 1;
    nowMs += ms;
    if (sleeps > MAX_SLEEPS) throw new Error('the command waits for something that never comes');
  };
  const ways = { suffix: () => '1f2e3d4c', now: () => nowMs, sleep };
  const commands = [startCommandOn(open, ways), statusCommandOn(open), ...signalCommandsOn(open)];
  return runInMemory(argv, { commands });
}

/** What a recorder writes that was cut off in the middle of a line. */
export async function judgeBrokenLine(): Promise<CliRun> {
  const lines = async function* () {
    yield '{"type":"period","id":"checkout-42","t":0,"step":0,"weight":0.05,"stable":{"reque\n';
  };
  return runInMemory(['judge'], {
    commands: [judgeCommandOn(() => ({ input: lines(), write: async () => true }))],
  });
}
