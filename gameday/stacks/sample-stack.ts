// The sample service of the game day, and what single facts are measured on.
import { ArnFormat, CfnParameter, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Alarm, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { AccountRootPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunctionResource,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import {
  BEATING_MACHINE,
  CALLER_ROLE,
  OPEN_TAG,
  PROBE,
  PROBE_ALARM,
  RECORDER_FUNCTION,
  RECORDER_TABLE,
  SAMPLE,
  SERVICE_ALARM,
  TAGGED,
  TEMPLATE_ALIAS,
} from '../core/names.ts';
import { RECORDER_CODE, SAMPLE_CODE } from './function-code.ts';
import { TOUCH_PARAMETER } from './outputs.ts';

export class SampleStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { description: 'Stepshift game day: sample service; safe to delete' });
    sampleFunction(this, 'Sample', SAMPLE.functionName, [SAMPLE.alias]);
    sampleFunction(this, 'Probe', PROBE.functionName, [PROBE.alias, TEMPLATE_ALIAS.alias]);
    const tagged = sampleFunction(this, 'Tagged', TAGGED.functionName, [TAGGED.alias]);
    Tags.of(tagged).add(OPEN_TAG.key, OPEN_TAG.value);
    const recorder = this.#recorder();
    this.#alarms(recorder);
    this.#beatingMachine(recorder);
    this.#caller();
  }

  #recorder(): LambdaFunctionResource {
    const table = new Table(this, 'RecorderTable', {
      tableName: RECORDER_TABLE,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const recorder = inlineFunction(this, 'Recorder', RECORDER_FUNCTION, RECORDER_CODE, {
      TABLE: table.tableName,
    });
    table.grantWriteData(recorder);
    return recorder;
  }

  /** Both look at a metric that nobody writes: they change when the game day sets them. */
  #alarms(recorder: LambdaFunctionResource): void {
    const touched = new CfnParameter(this, TOUCH_PARAMETER, { default: 'not yet' });
    const quiet = (name: string, alarmDescription: string): void => {
      new Alarm(this, `Alarm-${name}`, {
        alarmName: name,
        alarmDescription,
        metric: new Metric({
          namespace: 'StepshiftGameDay',
          metricName: 'Never',
          period: Duration.minutes(1),
        }),
        threshold: 1,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    };
    quiet(SERVICE_ALARM, 'An alarm of the sample service');
    quiet(PROBE_ALARM, touched.valueAsString);
    new Rule(this, 'ProbeAlarmEvents', {
      description: 'Tells the recorder when the probe alarm fires',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        detail: { alarmName: [PROBE_ALARM], state: { value: ['ALARM'] } },
      },
      targets: [new LambdaFunction(recorder, { retryAttempts: 2 })],
    });
  }

  #beatingMachine(recorder: LambdaFunctionResource): void {
    const definition = {
      StartAt: 'Beat',
      States: { Beat: { Type: 'Task', Resource: recorder.functionArn, TimeoutSeconds: 60, End: true } },
    };
    const machine = new StateMachine(this, 'Beating', {
      stateMachineName: BEATING_MACHINE,
      definitionBody: DefinitionBody.fromString(this.toJsonString(definition)),
    });
    recorder.grantInvoke(machine);
  }

  /** Whoever runs the game day assumes it with a session policy that leaves one right of these. */
  #caller(): void {
    const role = new Role(this, 'Caller', {
      roleName: CALLER_ROLE,
      assumedBy: new AccountRootPrincipal(),
      description: 'For trials of what UpdateAlias asks for',
    });
    const arns = [PROBE, TAGGED].map(({ functionName }) =>
      this.formatArn({
        service: 'lambda',
        resource: 'function',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        resourceName: functionName,
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:GetAlias', 'lambda:UpdateAlias'],
        resources: arns.flatMap((arn) => [arn, `${arn}:*`]),
      }),
    );
  }
}

function sampleFunction(
  scope: Construct,
  id: string,
  functionName: string,
  aliases: readonly string[],
): LambdaFunctionResource {
  const resource = inlineFunction(scope, id, functionName, SAMPLE_CODE, { BEHAVIOUR: 'good' });
  for (const alias of aliases) resource.addAlias(alias);
  return resource;
}

/** Without lines for every request: there are tens of thousands, and none is read. */
export function inlineFunction(
  scope: Construct,
  id: string,
  functionName: string,
  code: string,
  environment: Readonly<Record<string, string>> = {},
): LambdaFunctionResource {
  return new LambdaFunctionResource(scope, id, {
    functionName,
    code: Code.fromInline(code),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: 128,
    timeout: Duration.seconds(60),
    environment: { ...environment },
    loggingFormat: LoggingFormat.JSON,
    systemLogLevelV2: SystemLogLevel.WARN,
    applicationLogLevelV2: ApplicationLogLevel.ERROR,
    logGroup: new LogGroup(scope, `${id}Log`, {
      retention: RetentionDays.ONE_DAY,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
  });
}
