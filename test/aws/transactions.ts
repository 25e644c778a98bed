// TransactWriteItems as a sequence of single conditional writes that is undone when one is refused. Atomic because the
// server in front runs one request at a time; the conditions are evaluated by the emulator itself.

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}
export type Call = (operation: string, input: unknown) => Promise<Answer>;

type Attributes = Record<string, unknown>;
interface Operation extends Attributes {
  readonly TableName: string;
  readonly Key?: Attributes;
  readonly Item?: Attributes;
}
interface Part {
  readonly kind: 'ConditionCheck' | 'Put' | 'Update' | 'Delete';
  readonly operation: Operation;
  readonly key: Attributes;
}

export async function runTransaction(input: Attributes, call: Call): Promise<Answer> {
  const parts = (input['TransactItems'] as Record<string, Operation>[]).map(partOf);
  const keys = new Set(parts.map((part) => JSON.stringify(part.key)));
  if (keys.size < parts.length) {
    return failure(
      'ValidationException',
      'Transaction request cannot include multiple operations on one item',
    );
  }
  // no two parts share an item, so that they may run side by side
  const before = await Promise.all(parts.map((part) => readItem(part, call)));
  const answers = await Promise.all(parts.map((part, index) => run(part, before[index], call)));
  const codes = answers.map((answer) => (answer.status === 200 ? 'None' : errorName(answer)));
  if (codes.every((code) => code === 'None')) return { status: 200, body: {} };
  await Promise.all(parts.map((part, index) => restore(part, before[index], call)));
  const unexpected = codes.findIndex((code) => code !== 'None' && code !== 'ConditionalCheckFailed');
  const fault = answers[unexpected];
  if (fault !== undefined) return fault;
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`;
  return failure(
    'TransactionCanceledException',
    message,
    codes.map((Code) => ({ Code })),
  );
}

/** `ConditionalCheckFailed`, as a transaction calls it, or the name of a fault that a test should not have caused. */
function errorName({ body }: Answer): string {
  return (
    String(body['__type'] ?? '')
      .split('#')
      .at(-1)
      ?.replace(/Exception$/, '') ?? ''
  );
}

function partOf(item: Record<string, Operation>): Part {
  const [kind, operation] = Object.entries(item)[0] as [Part['kind'], Operation];
  const { pk, sk } = operation.Key ?? operation.Item ?? {};
  return { kind, operation, key: { pk, sk } };
}

/** A check is a write of the same item on its condition; of an item that does not exist, a write that is taken back. */
async function run(
  { kind, operation, key }: Part,
  before: Attributes | undefined,
  call: Call,
): Promise<Answer> {
  if (kind !== 'ConditionCheck') return call(`${kind}Item`, operation);
  const { Key: _key, ...condition } = operation;
  const answer = await call('PutItem', { ...condition, Item: before ?? key });
  if (before === undefined && answer.status === 200) {
    await call('DeleteItem', { TableName: operation.TableName, Key: key });
  }
  return answer;
}

async function readItem({ operation, key }: Part, call: Call): Promise<Attributes | undefined> {
  const answer = await call('GetItem', { TableName: operation.TableName, Key: key, ConsistentRead: true });
  return answer.body['Item'] as Attributes | undefined;
}

async function restore({ operation, key }: Part, before: Attributes | undefined, call: Call): Promise<void> {
  const { TableName } = operation;
  await (before === undefined
    ? call('DeleteItem', { TableName, Key: key })
    : call('PutItem', { TableName, Item: before }));
}

function failure(name: string, message: string, CancellationReasons?: unknown): Answer {
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message, CancellationReasons };
  return { status: 400, body };
}
