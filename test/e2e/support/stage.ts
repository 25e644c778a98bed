// What the stories are told with: the deployed engine and sample services, and verbs to start, watch and stop rollouts.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  type HistoryEvent,
  paginateGetExecutionHistory,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { inject } from 'vitest';
import { deliverAlarmEvent } from './alarm-event.ts';
import { type Aws, awsClients, type Places } from './aws.ts';
import { fastNow } from './fast-time.ts';
import { alarmName, CANARY, canaryPercent, type ServiceName } from './sample-services.ts';
import { startTraffic, type TrafficShape } from './traffic.ts';

export interface Deployed extends Places {
  readonly folder: string;
  readonly assembly: string;
  readonly services: string;
  readonly machineArn: string;
  readonly signalFunction: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** null: the suite is skipped. */
    readonly deployed: Deployed | null;
  }
}

interface Ended {
  readonly status: string;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

export interface Stage {
  readonly deployed: Deployed;
  readonly aws: Aws;
  /** Begins a rollout of the sample's second version; answers the execution's ARN. */
  start(service: ServiceName): Promise<string>;
  traffic(service: ServiceName, shape: TrafficShape): Promise<AsyncDisposable>;
  canaryPercent(service: ServiceName): Promise<number>;
  /** Waits until the execution has ended. */
  end(executionArn: string): Promise<Ended>;
  /** The states that were entered, in order. */
  states(executionArn: string): Promise<readonly string[]>;
  history(executionArn: string): Promise<readonly HistoryEvent[]>;
  /** Which versions of the engine's functions the execution has called. */
  versionsCalled(executionArn: string): Promise<readonly string[]>;
  /** Waits until the canary has traffic and the rollout waits in a bake. */
  untilBaking(executionArn: string, service: ServiceName): Promise<void>;
  /** What a person tells a rollout, through the function that the command line calls. */
  signal(executionArn: string, signal: string, message: string): Promise<unknown>;
  /** As EventBridge would when an alarm fires. */
  deliverAlarmEvent(service: ServiceName): Promise<void>;
}

const POLL_MS = 250;
const PATIENCE_MS = 240_000;

/** Only where `inject('deployed')` is not null. */
export function openStage(deployed = inject('deployed')): Stage {
  if (deployed === null) throw new Error('nothing is deployed: the suite is skipped');
  const aws = awsClients(deployed);
  const { states, lambda } = aws;

  async function history(executionArn: string): Promise<readonly HistoryEvent[]> {
    const found: HistoryEvent[] = [];
    for await (const page of paginateGetExecutionHistory(
      { client: states },
      { executionArn, maxResults: 1000 },
    )) {
      found.push(...(page.events ?? []));
    }
    return found;
  }
  async function statesOf(executionArn: string): Promise<readonly string[]> {
    const events = await history(executionArn);
    return events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
  }
  const describe = (executionArn: string): Promise<DescribeExecutionOutput> =>
    states.send(new DescribeExecutionCommand({ executionArn }));

  return {
    deployed,
    aws,
    history,
    states: statesOf,
    traffic: (service, shape) => startTraffic(aws, deployed.time, service, shape),
    canaryPercent: (service) => canaryPercent(aws, service),
    async versionsCalled(executionArn) {
      const scheduled = JSON.stringify(
        (await history(executionArn)).map(({ taskScheduledEventDetails }) => taskScheduledEventDetails),
      );
      const called = [...scheduled.matchAll(/:function:[\w-]+:(\d+)/g)].map(([, version]) => String(version));
      return [...new Set(called)];
    },
    async start(service) {
      const command = new StartExecutionCommand({
        stateMachineArn: deployed.machineArn,
        name: `${service}-${CANARY}-${randomUUID().slice(0, 8)}`,
        input: JSON.stringify({ service, version: CANARY }),
      });
      return (await states.send(command)).executionArn ?? '';
    },
    async end(executionArn) {
      const ended = await until(
        'the execution has ended',
        () => describe(executionArn),
        ({ status }) => status !== 'RUNNING',
      );
      return { status: ended.status ?? '', error: ended.error, cause: ended.cause };
    },
    async untilBaking(executionArn, service) {
      const isBaking = async () =>
        (await canaryPercent(aws, service)) > 0 && (await statesOf(executionArn)).at(-1) === 'Bake';
      await until('the canary bakes', isBaking, (baking) => baking);
    },
    async signal(executionArn, signal, message) {
      const rolloutId = executionArn.split(':').at(-1);
      const payload = { rolloutId, signal, actor: 'end-to-end suite', message };
      const { Payload } = await lambda.send(
        new InvokeCommand({ FunctionName: deployed.signalFunction, Payload: JSON.stringify(payload) }),
      );
      return JSON.parse(Buffer.from(Payload ?? []).toString());
    },
    deliverAlarmEvent: (service) =>
      deliverAlarmEvent(aws, alarmName(service), new Date(fastNow(deployed.time)).toISOString()),
  };
}

/** Asks again until the answer is what is waited for; rejects, with the last answer, when it takes too long. */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  isIt: (answer: T) => boolean,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const untilMs = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (isIt(answer)) return answer;
    if (Date.now() > untilMs) throw new Error(`waited in vain until ${what}: ${JSON.stringify(answer)}`);
    await sleep(POLL_MS);
  }
}
