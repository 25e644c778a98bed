// The engine's dashboard: every metric in it is one that AWS or this engine writes, of a function that is there; and an
// engine without it is as it was.
import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { addStacks } from '../../lib/app.ts';
import { readContext } from '../../lib/context.ts';
import { STEPS } from '../../src/steps/index.ts';
import { ENGINE, outputs, quickApp, resources } from './synth.ts';

function synthesize(dashboard: boolean) {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const app = quickApp({ ...context, 'aws:cdk:bundling-stacks': [] });
  const { engine } = addStacks(app, { engineName: ENGINE, specs: [], ...(dashboard ? { dashboard } : {}) });
  const stack = app.node.tryFindChild(`${ENGINE}-Dashboard`);
  return {
    engine: Template.fromStack(engine),
    stack: stack === undefined ? null : Template.fromStack(stack as never),
  };
}

const { engine, stack } = synthesize(true);
if (stack === null) throw new Error('no stack of the dashboard');
const [dashboard] = Object.values(resources(stack, 'AWS::CloudWatch::Dashboard'));
/** References resolved to the logical ids of the engine's template. */
function resolved(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Join': join, 'Fn::GetStackOutput': output } = value as Record<string, never>;
  if (Ref !== undefined) return String(Ref).replace('AWS::', '');
  if (join !== undefined) return (join as unknown as [string, unknown[]])[1].map(resolved).join('');
  const { StackName, OutputName } = output as unknown as { StackName: string; OutputName: string };
  expect(StackName).toBe(ENGINE);
  const { Value } = outputs(engine)[OutputName];
  return Value.Ref ?? Value['Fn::GetAtt'][0];
}

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
  };
}
const text = resolved(dashboard?.Properties.DashboardBody);
const body: { readonly widgets: readonly Widget[]; readonly variables: readonly Record<string, string>[] } =
  JSON.parse(text);

/** `namespace name dimensions`, as the service's documentation lists them. */
const KNOWN: ReadonlySet<string> = new Set([
  // Step Functions developer guide, «Step Functions metrics for CloudWatch»
  ...['ExecutionsStarted', 'ExecutionsSucceeded', 'ExecutionsFailed', 'ExecutionsAborted'].map(
    (name) => `AWS/States ${name} StateMachineArn`,
  ),
  // Lambda developer guide, «Types of metrics for Lambda functions»
  ...['Invocations', 'Errors', 'Throttles', 'Duration', 'AsyncEventAge'].map(
    (name) => `AWS/Lambda ${name} FunctionName`,
  ),
  ...['Invocations', 'Errors', 'Duration'].map(
    (name) => `AWS/Lambda ${name} ExecutedVersion,FunctionName,Resource`,
  ),
  // SQS developer guide, «Available CloudWatch metrics for Amazon SQS»
  'AWS/SQS ApproximateNumberOfMessagesVisible QueueName',
  'AWS/SQS ApproximateAgeOfOldestMessage QueueName',
  // Elastic Load Balancing guide, «CloudWatch metrics for your Application Load Balancer»
  ...['RequestCount', 'HTTPCode_Target_5XX_Count', 'TargetConnectionErrorCount', 'TargetResponseTime'].map(
    (name) => `AWS/ApplicationELB ${name} LoadBalancer,TargetGroup`,
  ),
  // our own: src/emf/count-http-status.ts and lib/http-status-metric-filter.ts
  'Stepshift Http5xx FunctionName,Version',
]);

interface Used {
  readonly key: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric by name, or those of a search. */
function usedIn(entry: readonly unknown[]): readonly Used[] {
  const [first, ...rest] = entry;
  if (typeof first === 'string') {
    const pairs = rest.filter((item) => typeof item === 'string').slice(1) as string[];
    const names = pairs.filter((_item, index) => index % 2 === 0);
    const dimensions = Object.fromEntries(names.map((name, index) => [name, pairs[2 * index + 1] ?? '']));
    return [{ key: `${first} ${rest[0]} ${names.join(',')}`, dimensions }];
  }
  const { expression } = first as { expression: string };
  const search = /^SEARCH\('\{([^,]+),([^}]+)\} MetricName="([^"]+)" (\w+)="([^"]+)"', '\w+', 60\)$/.exec(
    expression,
  );
  if (search === null) return [];
  const [, namespace, names, metric, chosen = '', value = ''] = search;
  return [{ key: `${namespace} ${metric} ${names}`, dimensions: { [chosen]: value } }];
}

const entries = body.widgets.flatMap(({ properties }) => properties.metrics ?? []);
const used = entries.flatMap(usedIn);

describe('the metrics of the dashboard', () => {
  it('are known ones, each of them, and no entry is of another kind', () => {
    expect(used.map(({ key }) => key).filter((key) => !KNOWN.has(key))).toEqual([]);
    const math = entries.filter((entry) => usedIn(entry).length === 0);
    expect(math).toEqual([
      [expect.objectContaining({ expression: expect.stringMatching(/^RUNNING_SUM\(/) })],
    ]);
    expect(new Set(used.map(({ key }) => key)).size).toBe(KNOWN.size);
  });

  it('are of functions, a queue and a state machine that the engine has', () => {
    const functions = Object.keys(resources(engine, 'AWS::Lambda::Function'));
    const queues = Object.keys(resources(engine, 'AWS::SQS::Queue'));
    for (const { key, dimensions } of used) {
      const { FunctionName, QueueName, StateMachineArn } = dimensions;
      if (FunctionName !== undefined && !key.includes('Version')) expect(functions).toContain(FunctionName);
      if (QueueName !== undefined) expect(queues).toContain(QueueName);
      if (StateMachineArn !== undefined) {
        expect(StateMachineArn).toBe(`arn:Partition:states:Region:AccountId:stateMachine:${ENGINE}`);
      }
    }
  });

  it('show the way back: each of its functions by errors, throttles and duration', () => {
    const idOf = (step: keyof typeof STEPS) =>
      Object.entries(resources(engine, 'AWS::Lambda::Function')).find(
        ([, resource]) => resource.Properties.Description === STEPS[step].does,
      )?.[0];
    for (const step of ['roll-back', 'guard-rollout', 'sweep-rollouts'] as const) {
      for (const metric of ['Errors', 'Throttles', 'Duration']) {
        expect(used).toContainEqual({
          key: `AWS/Lambda ${metric} FunctionName`,
          dimensions: { FunctionName: idOf(step) },
        });
      }
    }
  });

  it('count in the sum what it subtracts', () => {
    const sum = body.widgets.find(({ properties }) => properties.title?.startsWith('Rollouts running'));
    const ids = (sum?.properties.metrics ?? []).flatMap((entry) =>
      entry.flatMap((item) => (item as { id?: string }).id ?? []),
    );
    expect(ids.sort()).toEqual(['failed', 'promoted', 'started', 'stopped']);
  });
});

describe('the rest of the dashboard', () => {
  it('shows every alarm of the engine', () => {
    const names = Object.values(resources(engine, 'AWS::CloudWatch::Alarm')).map(
      (alarm) => alarm.Properties.AlarmName,
    );
    const shown = body.widgets.flatMap(({ properties }) => properties.alarms ?? []);
    expect(names.length).toBeGreaterThan(10);
    expect(shown.toSorted()).toEqual(
      names.map((name) => `arn:Partition:cloudwatch:Region:AccountId:alarm:${name}`).toSorted(),
    );
  });

  it('has variables that stand in the widgets and are filled from metrics that are shown', () => {
    expect(body.variables.map(({ id }) => id)).toEqual(['function', 'loadBalancer']);
    for (const { pattern = '', search = '', populateFrom = '' } of body.variables) {
      const inWidgets = JSON.stringify(body.widgets).split(pattern).length - 1;
      expect(inWidgets).toBeGreaterThan(3);
      const [, schema = '', metric] = /^\{([^}]+)\} MetricName=\\?"(\w+)\\?"$/.exec(search) ?? [];
      const [namespace, ...names] = schema.split(',');
      expect(KNOWN).toContain(`${namespace} ${metric} ${names.join(',')}`);
      expect(names).toContain(populateFrom);
    }
  });

  it('lets no two widgets lie on each other, nor beyond the 24 columns', () => {
    const cells = body.widgets.flatMap(({ x, y, width, height }) =>
      Array.from(
        { length: width * height },
        (_unused, index) => `${x + (index % width)},${y + Math.floor(index / width)}`,
      ),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...body.widgets.map(({ x, width }) => x + width))).toBeLessThanOrEqual(24);
  });

  it('is one dashboard and nothing else', () => {
    expect(Object.keys(stack.toJSON()['Resources'])).toHaveLength(1);
  });
});

describe('an engine without a dashboard', () => {
  const without = synthesize(false);

  it('is the default, and has no such stack', () => {
    expect(without.stack).toBeNull();
    const read = (context: Record<string, unknown>) => readContext(quickApp(context).node).dashboard;
    expect([read({}), read({ dashboard: 'false' }), read({ dashboard: 'true' })]).toEqual([
      undefined,
      undefined,
      true,
    ]);
  });

  it('has the same resources and fewer outputs', () => {
    expect(without.engine.toJSON()['Resources']).toEqual(engine.toJSON()['Resources']);
    expect(Object.keys(outputs(engine))).toEqual(
      expect.arrayContaining(Object.keys(outputs(without.engine))),
    );
  });
});
