// The code of the game day's functions, as text that goes into the template: no bundling, no build.

/** How long the versions of the sample take, milliseconds. */
export const FAST_MS = 20;
export const SLOW_MS = 600;
/** What the bad version fails of. */
export const BAD_SHARE = 0.05;

/** Its behaviour is in the environment that a version was published with. `sleepMs` in the event overrules it. */
export const SAMPLE_CODE = `const { BEHAVIOUR = 'good' } = process.env;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
exports.handler = async ({ sleepMs } = {}, { functionVersion }) => {
  const ms = sleepMs ?? (BEHAVIOUR === 'slow' ? ${SLOW_MS} : ${FAST_MS});
  await wait(ms);
  if (BEHAVIOUR === 'bad' && Math.random() < ${BAD_SHARE}) throw new Error('game day: the bad version fails');
  return { version: functionVersion, isSlow: ms > ${SLOW_MS / 2} };
};
`;

/** How many beats, one a second. */
export const BEATS = 30;

/**
 * Writes down when an alarm's event reached it, once an event; or, asked to beat, a line a second. The item's clock is the
 * one of the function.
 */
export const RECORDER_CODE = `const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const table = new DynamoDBClient({});
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const put = async (pk, sk, happenedAtMs) => {
  const Item = { pk: { S: pk }, sk: { S: sk }, receivedAtMs: { N: String(Date.now()) } };
  if (happenedAtMs !== null) Item.happenedAtMs = { N: String(happenedAtMs) };
  try {
    await table.send(new PutItemCommand({ TableName: process.env.TABLE, Item, ConditionExpression: 'attribute_not_exists(pk)' }));
  } catch (error) {
    if (error.name !== 'ConditionalCheckFailedException') throw error;
  }
};
exports.handler = async (event) => {
  if (event.run === undefined) {
    const { alarmName, state } = event.detail;
    await put('alarm/' + alarmName, event.id, Date.parse(state.timestamp.replace('+0000', 'Z')));
    return;
  }
  for (let beat = 1; beat <= ${BEATS}; beat++) {
    await put('beat/' + event.run, String(beat).padStart(3, '0'), null);
    await wait(1000);
  }
};
`;

export function slotCode(slot: string): string {
  return `exports.handler = async () => ({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body: '${slot}' });
`;
}
