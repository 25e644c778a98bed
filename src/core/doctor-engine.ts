// What the doctor makes of an engine: its stack, its workflow, its table and sweeper, the services it knows.
import type { Judged } from './doctor.ts';
import type { StackReading, SweepReading } from './doctor-reader.ts';
import { runbookArticle } from './runbook.ts';
import { canonicalJson } from './service-spec.ts';
import { formatDuration } from './units.ts';
import { workflow } from './workflow.ts';

const OUTPUTS = ['RolloutMachineArn', 'TableName', 'SignalFunctionName', 'TopicSeverity1'];
/** As «Judge canary» sees it: longer, and every rollout is held. */
const SWEEP_DUE_SECONDS = 300;

export function judgeEngine(
  {
    stack,
    region,
    elsewhere,
  }: {
    readonly stack: StackReading | null;
    readonly region: string;
    readonly elsewhere: readonly string[];
  },
  { engineName }: { readonly engineName: string },
): readonly Judged[] {
  if (stack === null) return [judgeMissing(region, elsewhere, engineName)];
  const missing = OUTPUTS.filter((output) => stack.outputs[output] === undefined);
  return [judgeStatus(stack), ...(missing.length === 0 ? [] : [withoutOutputs(missing, engineName)])];
}

function judgeMissing(region: string, elsewhere: readonly string[], engineName: string): Judged {
  const [first] = elsewhere;
  if (first === undefined) {
    return {
      code: 'engine-missing',
      severity: 'fail',
      what: `There is no engine ${engineName} in ${region}.`,
      fix: 'Install it, choose the account it is in, or name its stack with --engine',
      command: `npx cdk deploy ${engineName}`,
    };
  }
  return {
    code: 'engine-in-other-region',
    severity: 'fail',
    what: `There is no engine ${engineName} in ${region}, but there is one in ${elsewhere.join(', ')}.`,
    fix: 'Choose its Region, or install one here too, under a name of its own',
    command: `export AWS_REGION=${first}`,
  };
}

function judgeStatus({ name, status }: StackReading): Judged {
  if (status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE') {
    return { code: 'engine-installed', severity: 'ok', what: `The engine ${name} is installed.` };
  }
  const command = `aws cloudformation describe-stack-events --stack-name ${name} --max-items 20`;
  // an update that came to its end, whichever, leaves a whole engine
  if (/^UPDATE_(ROLLBACK_)?(COMPLETE|IN_PROGRESS)|^IMPORT_/.test(status)) {
    return {
      code: 'engine-unsettled',
      severity: 'warn',
      what: `The stack ${name} is in ${status}.`,
      fix: 'Let the deployment end; after a rollback of it, see why and deploy again',
      command,
    };
  }
  return {
    code: 'engine-broken',
    severity: 'fail',
    what: `The stack ${name} is in ${status}, so there is no whole engine.`,
    fix: 'See why, then deploy again; a stack in ROLLBACK_COMPLETE has to be deleted first',
    command,
  };
}

function withoutOutputs(missing: readonly string[], engineName: string): Judged {
  return {
    code: 'engine-outputs-missing',
    severity: 'fail',
    what: `The stack ${engineName} lacks the outputs ${missing.join(', ')}, so it is no engine of this release.`,
    fix: 'Name the stack of the engine with --engine, or deploy the engine of this release',
    command: `npx cdk deploy ${engineName}`,
  };
}

/** The code of the steps is not compared, only the workflow that calls them. */
export function judgeDefinition(definition: string | null, engineName: string): Judged {
  if (definition === null) {
    return {
      code: 'machine-missing',
      severity: 'fail',
      what: 'The state machine of the engine is not there, so nothing can be started.',
      fix: 'CloudFormation takes it for present: deploy the engine under another name, or delete its stack and deploy it again',
    };
  }
  if (isOurWorkflow(definition)) {
    return { code: 'workflow-same', severity: 'ok', what: 'The engine runs the workflow of this release.' };
  }
  return {
    code: 'workflow-differs',
    severity: 'warn',
    what: 'The engine runs the workflow of another release than this command line.',
    fix: 'Use the same release for both; deploying a new engine is fine while rollouts run',
    command: `npx cdk deploy ${engineName}`,
  };
}

function isOurWorkflow(definition: string): boolean {
  const deployed = parsed(definition);
  const tickSeconds = (deployed as Partial<ReturnType<typeof workflow>> | null)?.States?.Bake;
  const seconds = Number((tickSeconds as { TimeoutSeconds?: unknown } | undefined)?.TimeoutSeconds);
  if (!Number.isInteger(seconds) || seconds < 1) return false;
  return (
    canonicalJson(withoutNames(deployed)) === canonicalJson(withoutNames(workflow({ tickSeconds: seconds })))
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Functions and the partition have names in an account and placeholders in the source. */
function withoutNames(value: unknown): unknown {
  if (typeof value === 'string') {
    return value
      .replace(/^(arn:[^:]+:lambda:.*|\$\{\w+FunctionArn\})$/, 'FUNCTION')
      .replace(/^arn:(\$\{AWS::Partition\}|aws[a-z-]*):states:/, 'arn:PARTITION:states:');
  }
  if (Array.isArray(value)) return value.map(withoutNames);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutNames(inner)]));
}

export function judgeSweep({ hasTable, atMs, nowMs }: SweepReading, engineName: string): Judged {
  if (!hasTable) {
    return {
      code: 'table-missing',
      severity: 'fail',
      what: 'The table that the engine keeps its record in is not there.',
      fix: 'Restore it from its backup (point-in-time recovery) under the same name, or deploy the engine anew',
      command: `npx cdk deploy ${engineName}`,
    };
  }
  const held = 'every rollout is held while nobody would finish what breaks off';
  const fix = `Read ${runbookArticle('sweeper-missing')}`;
  if (atMs === null) {
    const what = `The sweeper was never here, and ${held}.`;
    return { code: 'sweeper-never', severity: 'fail', what, fix };
  }
  const agoSeconds = Math.max(0, Math.round((nowMs - atMs) / 1000));
  if (agoSeconds <= SWEEP_DUE_SECONDS) {
    const what = `The table is readable, and the sweeper was here ${formatDuration(agoSeconds)} ago.`;
    return { code: 'sweeper-recent', severity: 'ok', what };
  }
  const what = `The sweeper was last here ${formatDuration(agoSeconds)} ago, and ${held}.`;
  return { code: 'sweeper-silent', severity: 'fail', what, fix };
}

export function judgeServices(names: readonly string[]): Judged {
  if (names.length > 0) {
    const what = `${names.length} ${names.length === 1 ? 'service is' : 'services are'} registered: ${names.join(', ')}.`;
    return { code: 'services-registered', severity: 'ok', what };
  }
  return {
    code: 'services-none',
    severity: 'warn',
    what: 'No service is registered yet, so there is nothing to start.',
    fix: 'Write a service file and deploy it',
    command: "npx cdk deploy 'Stepshift-Service-*'",
  };
}
