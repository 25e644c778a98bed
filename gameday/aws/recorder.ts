// What the functions of the game day wrote into their table.
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { CLIENT_CONFIG } from '../../src/aws/client-config.ts';
import { RECORDER_TABLE } from '../core/names.ts';
import type { Recorded, Recorder } from '../ports.ts';

export function dynamodbRecorder(client = new DynamoDBClient(CLIENT_CONFIG)): Recorder {
  return {
    read: async (key) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: RECORDER_TABLE,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: key } },
          ConsistentRead: true,
        }),
      );
      return Items.map(
        ({ receivedAtMs, happenedAtMs }): Recorded => ({
          receivedAtMs: Number(receivedAtMs?.N),
          happenedAtMs: happenedAtMs?.N === undefined ? null : Number(happenedAtMs.N),
        }),
      ).toSorted((a, b) => a.receivedAtMs - b.receivedAtMs);
    },
  };
}
