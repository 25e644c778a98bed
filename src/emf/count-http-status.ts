// For users' own functions: counts by version what Lambda does not, HTTP 5xx answers (an answer of 500 is a success to
// it) and cold starts. No dependencies. Name the metrics in the service file:
// checks.errors.http5xx: { namespace: Stepshift, name: Http5xx },
// checks.latency.coldStarts: { namespace: Stepshift, name: ColdStart }.

type Handler<Event, Context, Answer> = (event: Event, context: Context) => Promise<Answer>;

/** An execution environment loads this module once. */
let isEnvironmentNew = true;

/**
 * Wraps an HTTP handler; prints one line in CloudWatch's embedded metric format for each answer: Http5xx is 1 for a 5xx and
 * 0 else, ColdStart is 1 on the first invocation of the execution environment and 0 else.
 * What the handler answers or throws passes through unchanged; what it throws is in Lambda's own Errors already and
 * prints nothing.
 * Source of the format: CloudWatch user guide, «Embedded metric format specification».
 */
export function countHttpStatus<Event, Context, Answer>(
  handler: Handler<Event, Context, Answer>,
  print: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
): Handler<Event, Context, Answer> {
  return async (event, context) => {
    // Lambda stamps its Invocations with the start, too: both must fall into the same minute.
    const startedAtMs = Date.now();
    const isColdStart = isEnvironmentNew;
    isEnvironmentNew = false;
    const answer = await handler(event, context);
    print(
      JSON.stringify(
        metricLine(startedAtMs, { Http5xx: isServerError(answer) ? 1 : 0, ColdStart: isColdStart ? 1 : 0 }),
      ),
    );
    return answer;
  };
}

/** An answer without a status code means 200 to function URLs and HTTP APIs. */
function isServerError(answer: unknown): boolean {
  if (answer === null || typeof answer !== 'object' || !('statusCode' in answer)) return false;
  return Number(answer.statusCode) >= 500;
}

function metricLine(timestampMs: number, counts: Readonly<Record<'Http5xx' | 'ColdStart', 0 | 1>>) {
  return {
    _aws: {
      Timestamp: timestampMs,
      CloudWatchMetrics: [
        {
          Namespace: 'Stepshift',
          Dimensions: [['FunctionName', 'Version']],
          Metrics: Object.keys(counts).map((Name) => ({ Name, Unit: 'Count' })),
        },
      ],
    },
    FunctionName: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'unknown',
    Version: process.env['AWS_LAMBDA_FUNCTION_VERSION'] ?? 'unknown',
    ...counts,
  };
}
