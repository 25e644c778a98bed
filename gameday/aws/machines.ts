// Executions of the game day: the beating machine, stopping, and whole histories.
import { GetExecutionHistoryCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CLIENT_CONFIG } from '../../src/aws/client-config.ts';
import { allPages } from '../../src/aws/doctor-calls.ts';
import { sfnExecutions } from '../../src/aws/sfn-executions.ts';
import type { Machines } from '../ports.ts';

export function sfnMachines(machineArn: string, client = new SFNClient(CLIENT_CONFIG)): Machines {
  return {
    startBeating: async (run) => {
      const { executionArn } = await client.send(
        new StartExecutionCommand({ stateMachineArn: machineArn, name: run, input: JSON.stringify({ run }) }),
      );
      if (executionArn === undefined) throw new Error('Step Functions named no execution');
      return executionArn;
    },
    stop: (executionArn) => sfnExecutions(client).stop(executionArn, 'game day: stopped on purpose'),
    history: async (executionArn) => {
      const events = await allPages(
        (nextToken) =>
          client.send(
            new GetExecutionHistoryCommand({
              executionArn,
              maxResults: 1000,
              includeExecutionData: false,
              ...(nextToken === undefined ? {} : { nextToken }),
            }),
          ),
        (page) => page.events,
        (page) => page.nextToken,
      );
      return events.map(({ type = '', stateEnteredEventDetails }) => ({
        type,
        entered: stateEnteredEventDetails?.name ?? null,
      }));
    },
  };
}
