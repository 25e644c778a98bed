// The JSON that `aws cloudwatch get-metric-data` prints: its pages put together, and only if CloudWatch answered completely.
import * as z from 'zod';
import { type Fault, parseValue, refuse } from './faults.ts';
import { Instant } from './instant.ts';

const MessageSchema = z.looseObject({ Code: z.string().optional(), Value: z.string().optional() });

const ResultsSchema = z.looseObject({
  MetricDataResults: z.array(
    z.looseObject({
      Id: z.string(),
      Timestamps: z.array(Instant),
      Values: z.array(z.number()),
      StatusCode: z.string().optional(),
      Messages: z.array(MessageSchema).optional(),
    }),
  ),
  Messages: z.array(MessageSchema).optional(),
  NextToken: z.string().optional(),
});

/** Values by id, and in each by epoch milliseconds. */
export type CloudwatchSeries = ReadonlyMap<string, ReadonlyMap<number, number>>;

export function isCloudwatchResults(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'MetricDataResults' in value;
}

/** Throws InvalidInputError, `incomplete-metrics` among others. */
export function parseCloudwatchResults(value: unknown, where: string): CloudwatchSeries {
  const { MetricDataResults, Messages = [], NextToken } = parseValue(ResultsSchema, value, where);
  const series = new Map<string, Map<number, number>>();
  const statuses = new Map<string, string>();
  const faults: Fault[] = Messages.map((message) => incomplete(wordsOf(message), 'Messages'));
  if (NextToken !== undefined) faults.push(incomplete('a NextToken: there are more pages', 'NextToken'));
  for (const [index, result] of MetricDataResults.entries()) {
    const { Id, Timestamps, Values, StatusCode } = result;
    const path = `MetricDataResults[${index}]`;
    if (Timestamps.length !== Values.length) faults.push(unequal(Id, Timestamps.length, Values.length, path));
    const own = series.get(Id) ?? new Map<number, number>();
    const [first] = Timestamps;
    // after a page that said PartialData there is more of an id, after Complete there is not
    if (statuses.get(Id) === 'Complete' && first !== undefined) faults.push(idTwice(Id, first, path));
    else faults.push(...instantsTwice(Id, Timestamps, own, path));
    // the last entry of an id counts: on the pages before it, PartialData only says that there are more
    statuses.set(Id, StatusCode ?? 'no StatusCode');
    for (const [i, at] of Timestamps.entries()) own.set(at.getTime(), Values[i] ?? 0);
    series.set(Id, own);
    for (const message of result.Messages ?? []) faults.push(incomplete(`${Id}: ${wordsOf(message)}`, path));
  }
  for (const [id, status] of statuses) {
    if (status !== 'Complete') faults.push(incomplete(`${id}: ${status}`, id));
  }
  refuse(faults, where);
  return series;
}

function wordsOf({ Code = 'message', Value = '' }: z.infer<typeof MessageSchema>): string {
  return `${Code} ${Value}`.trim();
}

function incomplete(got: string, path: string): Fault {
  return {
    code: 'incomplete-metrics',
    what: 'CloudWatch did not answer completely, so nothing can be concluded from this file',
    path,
    got,
    allowed: 'StatusCode Complete for every id, and no messages',
    fix: 'Ask again, for a shorter time or with the rights that are missing, and keep the whole answer',
  };
}

function idTwice(id: string, first: Date, path: string): Fault {
  return {
    code: 'duplicate-id',
    what: `${id} is there twice, and was complete the first time`,
    path,
    got: `${id} again, from ${first.toISOString()}`,
    allowed: 'each id once, or once a page',
    fix: `Give each series an id of its own, and remove the ${id} that is wrong`,
  };
}

function instantsTwice(
  id: string,
  timestamps: readonly Date[],
  before: ReadonlyMap<number, number>,
  path: string,
): readonly Fault[] {
  const seen = new Set(before.keys());
  return timestamps.flatMap((at): Fault[] => {
    if (!seen.has(at.getTime())) {
      seen.add(at.getTime());
      return [];
    }
    return [
      {
        code: 'duplicate-timestamp',
        what: `${id} has two values for one period`,
        path,
        got: `${id} at ${at.toISOString()} again`,
        allowed: 'each timestamp of an id once',
        fix: 'Keep the answer as the command printed it; ask for all ids with the same Period',
      },
    ];
  });
}

function unequal(id: string, timestamps: number, values: number, path: string): Fault {
  return {
    code: 'incomplete-metrics',
    what: `${id} does not have one value a timestamp`,
    path,
    got: `${timestamps} timestamps and ${values} values`,
    allowed: 'as many values as timestamps',
    fix: 'Keep the answer as the command printed it',
  };
}
