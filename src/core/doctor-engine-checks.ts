// What the doctor looks at in an installed engine: is it there, is it of this release, does it live, does anybody hear it.
import { type DoctorRow, row } from './doctor.ts';
import type { EngineSubject } from './doctor-account-checks.ts';
import { judgeEngineAlarms } from './doctor-alarms.ts';
import { judgeDefinition, judgeEngine, judgeServices, judgeSweep } from './doctor-engine.ts';
import { isChat, judgeChats, judgePeople } from './doctor-people.ts';

const stackOf = ({ engineName }: EngineSubject): string => `CloudFormation stack ${engineName}`;

export const ENGINE_CHECKS: readonly DoctorRow<EngineSubject>[] = [
  row({
    id: 'engine',
    needs: ['cloudformation:DescribeStacks'],
    where: stackOf,
    read: async (reader, { engineName }) => {
      const stack = await reader.stack(engineName);
      const [region, elsewhere] =
        stack === null ? await Promise.all([reader.region(), reader.regionsWithStack(engineName)]) : ['', []];
      return { stack, region, elsewhere };
    },
    judge: judgeEngine,
  }),
  row({
    id: 'release',
    needs: ['states:DescribeStateMachine'],
    where: ({ engineName }) => `state machine ${engineName}`,
    read: (reader) => reader.definition(),
    judge: (definition, { engineName }) => [judgeDefinition(definition, engineName)],
  }),
  row({
    id: 'sweeper',
    needs: ['dynamodb:GetItem'],
    where: ({ engineName }) => `table of ${engineName}`,
    read: (reader) => reader.lastSweep(),
    judge: (reading, { engineName }) => [judgeSweep(reading, engineName)],
  }),
  row({
    id: 'engine-alarms',
    needs: ['cloudformation:ListStackResources', 'cloudwatch:DescribeAlarms'],
    where: ({ engineName }) => `alarms of ${engineName}`,
    read: (reader) => reader.engineAlarms(),
    judge: judgeEngineAlarms,
  }),
  row({
    id: 'people',
    needs: ['sns:ListSubscriptionsByTopic'],
    where: ({ engineName }) => `SNS topics of ${engineName}`,
    read: (reader) => reader.subscriptions(),
    judge: judgePeople,
  }),
  row({
    id: 'chat',
    needs: ['cloudformation:ListStacks', 'cloudformation:ListStackResources', 'sns:ListSubscriptionsByTopic'],
    where: ({ engineName }) => `stacks named ${engineName}*`,
    read: async (reader) => {
      const [chats, subscriptions] = await Promise.all([reader.chats(), reader.subscriptions()]);
      return { chats, isSubscribed: subscriptions.some(isChat) };
    },
    judge: ({ chats, isSubscribed }) => judgeChats(chats, isSubscribed),
  }),
  row({
    id: 'services',
    needs: ['cloudformation:ListImports', 'cloudformation:ListStackResources'],
    where: () => 'stacks that register services',
    read: (reader) => reader.services(),
    judge: (names) => [judgeServices(names)],
  }),
];
