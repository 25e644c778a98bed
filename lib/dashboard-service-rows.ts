// What the dashboard shows of the service that is chosen in its head: one line for each version or slot, side by side.
// Found by search, so that a further service changes no resource. A search finds series of the last two weeks (CloudWatch
// user guide, «Use search expressions in graphs»).
import { Duration } from 'aws-cdk-lib';
import { GraphWidget, MathExpression, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';

/** Replaced by what is chosen, wherever it stands in the dashboard. */
export const CHOSEN_FUNCTION = 'CHOSEN-FUNCTION';
export const CHOSEN_BALANCER = 'CHOSEN-LOAD-BALANCER';

const PERIOD = Duration.minutes(1);

interface Family {
  readonly namespace: string;
  readonly dimensions: readonly string[];
  /** The dimension that is chosen, and what stands for its value. */
  readonly chosen: readonly [dimension: string, placeholder: string];
  /** The dimension that tells canary from stable. */
  readonly side: string;
}

const ALIAS: Family = {
  namespace: 'AWS/Lambda',
  dimensions: ['ExecutedVersion', 'FunctionName', 'Resource'],
  chosen: ['FunctionName', CHOSEN_FUNCTION],
  side: 'ExecutedVersion',
};
/** As `countHttpStatus` and the metric filter write it. */
const HTTP: Family = {
  namespace: 'Stepshift',
  dimensions: ['FunctionName', 'Version'],
  chosen: ['FunctionName', CHOSEN_FUNCTION],
  side: 'Version',
};
const SLOTS: Family = {
  namespace: 'AWS/ApplicationELB',
  dimensions: ['LoadBalancer', 'TargetGroup'],
  chosen: ['LoadBalancer', CHOSEN_BALANCER],
  side: 'TargetGroup',
};

export function serviceRows(): (GraphWidget | TextWidget)[][] {
  return [
    [
      heading(
        `## Function ${CHOSEN_FUNCTION}\nOne line for each version, while its alias is weighted. Why a rollout went as it did: \`stepshift status ROLLOUT\`.`,
      ),
    ],
    [
      graph('Requests by version', 6, ALIAS, 'Invocations', 'Sum'),
      graph('Errors by version', 6, ALIAS, 'Errors', 'Sum'),
      graph('HTTP 5xx by version', 6, HTTP, 'Http5xx', 'Sum'),
      graph('Duration p95 by version, ms', 6, ALIAS, 'Duration', 'p95'),
    ],
    [
      heading(
        `## Load balancer ${CHOSEN_BALANCER}\nOne line for each target group; a service has two, its slots.`,
      ),
    ],
    [
      graph('Requests by slot', 6, SLOTS, 'RequestCount', 'Sum'),
      graph('HTTP 5xx by slot', 6, SLOTS, 'HTTPCode_Target_5XX_Count', 'Sum'),
      graph('Refused connections by slot', 6, SLOTS, 'TargetConnectionErrorCount', 'Sum'),
      graph('Response time p95 by slot, s', 6, SLOTS, 'TargetResponseTime', 'p95'),
    ],
  ];
}

function heading(markdown: string): TextWidget {
  return new TextWidget({ markdown, width: 24, height: 2 });
}

function graph(title: string, width: number, family: Family, metricName: string, stat: string): GraphWidget {
  const { namespace, dimensions, chosen, side } = family;
  const [dimension, placeholder] = chosen;
  const schema = `{${[namespace, ...dimensions].join(',')}}`;
  const search = `${schema} MetricName="${metricName}" ${dimension}="${placeholder}"`;
  return new GraphWidget({
    title,
    width,
    left: [
      new MathExpression({
        expression: `SEARCH('${search}', '${stat}', ${PERIOD.toSeconds()})`,
        usingMetrics: {},
        period: PERIOD,
        label: `\${PROP('Dim.${side}')}`,
      }),
    ],
    leftYAxis: { min: 0, showUnits: false },
  });
}
