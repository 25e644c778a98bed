// The smaller ports in memory: alarms, tokens, executions, events, notifier.
import { describe, expect, it } from 'vitest';
import { memoryAlarms } from '../../src/sim/memory-alarms.ts';
import { memoryEvents } from '../../src/sim/memory-events.ts';
import { memoryExecutions } from '../../src/sim/memory-executions.ts';
import { memoryNotifier } from '../../src/sim/memory-notifier.ts';
import { memoryTokens } from '../../src/sim/memory-tokens.ts';
import { alarmSourceContract } from '../contracts/alarm-source.contract.ts';
import { type Settled, taskTokensContract } from '../contracts/task-tokens.contract.ts';
import { START_MS, storyEvent } from '../support/rollout-fixtures.ts';

alarmSourceContract('the in-memory alarms', async () => {
  const source = memoryAlarms();
  return { source, set: source.set, remove: source.remove };
});

taskTokensContract('the in-memory tokens', async () => {
  let isBroken = false;
  const tokens = memoryTokens(() => {
    if (!isBroken) return;
    isBroken = false;
    throw new Error('Rate exceeded');
  });
  const states = new Map<string, Settled>();
  let opened = 0;
  return {
    tokens,
    open: async () => {
      opened += 1;
      const token = `token-${opened}`;
      states.set(token, { state: 'waiting' });
      tokens.register(token).then(
        () => states.set(token, { state: 'woken' }),
        (error: Error) => states.set(token, { state: 'failed', error: error.name, cause: error.message }),
      );
      return token;
    },
    expire: async (token) => tokens.expire(token),
    settled: async (token) => states.get(token) ?? { state: 'waiting' },
    breakNext: () => {
      isBroken = true;
    },
  };
});

describe('alarms in memory', () => {
  it('tell a change of state once, and nothing when an alarm is made or stays as it is', () => {
    const alarms = memoryAlarms();
    const heard: string[] = [];
    alarms.onTransition(({ name, from, to, reason, atMs }) =>
      heard.push(`${name} ${from} ${to} ${reason} ${atMs}`),
    );
    alarms.set('Errors', 'ALARM', 'born so', 1);
    alarms.set('Errors', 'OK', 'below', 2);
    alarms.set('Errors', 'OK', 'still below', 3);
    alarms.set('Errors', 'ALARM', 'over', 4);
    expect(heard).toEqual(['Errors ALARM OK below 2', 'Errors OK ALARM over 4']);
  });
});

describe('executions in memory', () => {
  it('are missing, running, then as they ended', async () => {
    const executions = memoryExecutions();
    expect(await executions.status('arn:1')).toBe('MISSING');
    executions.begin('arn:1');
    expect(await executions.status('arn:1')).toBe('RUNNING');
    executions.end('arn:1', 'FAILED');
    executions.end('arn:1', 'SUCCEEDED');
    expect(await executions.status('arn:1')).toBe('FAILED');
  });

  it('have a history that grows, and none while nobody knows them', async () => {
    const executions = memoryExecutions();
    expect(await executions.historyEvents('arn:1')).toBe(0);
    executions.addHistory('arn:1', 6);
    executions.addHistory('arn:1', 13);
    expect(await executions.historyEvents('arn:1')).toBe(19);
  });

  it('are stopped once, and stopping an ended or unknown one is fine', async () => {
    const stops: string[] = [];
    const executions = memoryExecutions((arn, cause) => stops.push(`${arn} ${cause}`));
    executions.begin('arn:1');
    await executions.stop('arn:1', 'overdue');
    await executions.stop('arn:1', 'again');
    await executions.stop('arn:2', 'unknown');
    expect(stops).toEqual(['arn:1 overdue']);
    expect(await executions.status('arn:1')).toBe('ABORTED');
    expect(await executions.status('arn:2')).toBe('MISSING');
  });
});

describe('the event bus in memory', () => {
  it('keeps and tells everything in order, and a listener that fails stops nothing', async () => {
    const bus = memoryEvents();
    const heard: string[] = [];
    bus.subscribe(() => {
      throw new Error('deaf');
    });
    bus.subscribe(({ event }) => heard.push(event));
    const started = storyEvent('r1', 'rollout-started', START_MS);
    const shifted = storyEvent('r1', 'traffic-shifted', START_MS + 1000);
    await bus.publish([started, shifted]);
    expect(bus.published).toEqual([started, shifted]);
    expect(heard).toEqual(['rollout-started', 'traffic-shifted']);
    expect(bus.listenerErrors).toEqual([new Error('deaf'), new Error('deaf')]);
  });
});

describe('the notifier in memory', () => {
  it('keeps what people would be told, and throws what it is made to throw', async () => {
    let isDown = true;
    const notifier = memoryNotifier(() => {
      if (isDown) throw new Error('endpoint down');
    });
    const message = {
      severity: 2,
      subject: 'Rolled back',
      channel: null,
      event: storyEvent('r1', 'rollout-rolled-back', 1),
    } as const;
    await expect(notifier.tell(message)).rejects.toThrow('endpoint down');
    isDown = false;
    await notifier.tell(message);
    expect(notifier.messages).toEqual([message]);
  });
});
