// What a newcomer gets wrong in files, and on the command lines that need no AWS.
const HEAD = 'service: checkout\ntarget:\n  lambdaAlias: { function: checkout-api, alias: live }\n';
const RULE = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012:listener-rule/app/shop/1/2/3';
const GROUP = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012:targetgroup';

export interface FileCase {
  /** What went wrong; the name of its snapshot. */
  readonly name: string;
  readonly argv: readonly string[];
  /** In the folder where the command runs. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/** A mistake in a service file that is otherwise right. */
function inFile(
  name: string,
  text: string,
  argv: readonly string[] = ['validate', 'checkout.yaml'],
): FileCase {
  return { name, argv, files: { 'checkout.yaml': text } };
}

/** A mistake in what stands behind a service and its target. */
function after(name: string, more: string): FileCase {
  return inFile(name, HEAD + more);
}

function withTarget(name: string, target: string): FileCase {
  return inFile(name, `service: checkout\ntarget:\n${target}`);
}

export const SCENARIO = {
  'service.yaml': HEAD,
  'scenario.yaml': 'description: All is well.\nversion: "42"\ntraffic: { constant: 600 }\n',
} as const;

/** Ten aliases of ten aliases of …: the words that they stand for would fill any memory. */
function anchorBomb(): string {
  const layers = Array.from({ length: 9 }, (_unused, layer) => {
    const inside = layer === 0 ? 'x' : `*a${layer - 1}`;
    return `a${layer}: &a${layer} [${Array(10).fill(inside).join(', ')}]`;
  });
  return `${HEAD}${layers.join('\n')}\n`;
}

export const FILE_CASES: readonly FileCase[] = [
  { name: 'no-arguments', argv: [] },
  { name: 'misspelt-verb', argv: ['simulat', 'examples/latency'] },
  { name: 'misspelt-option', argv: ['validate', 'checkout.yaml', '--fromat', 'json'] },
  { name: 'help-of-a-misspelt-verb', argv: ['help', 'simulat'] },
  { name: 'variable-that-is-not-set', argv: ['validate', ''] },
  { name: 'service-name-with-a-capital', argv: ['start', 'Checkout', '42'] },
  { name: 'unknown-format', argv: ['status', '--format', 'yaml'] },
  { name: 'option-before-verb', argv: ['--engine', 'Shop', 'status'] },
  { name: 'validate-without-file', argv: ['validate'] },
  { name: 'start-without-version', argv: ['start', 'checkout'] },
  { name: 'start-of-latest', argv: ['start', 'checkout', '$LATEST'] },
  { name: 'start-timeout-without-unit', argv: ['start', 'checkout', '42', '--wait', '--timeout', '30'] },
  {
    name: 'accepted-alarm-without-reason',
    argv: ['start', 'checkout', '42', '--accept-alarm', 'Checkout5xx'],
  },
  { name: 'abort-without-reason', argv: ['abort', 'checkout-42-1f2e3d4c'] },
  { name: 'simulate-without-scenario', argv: ['simulate'] },
  { name: 'simulate-unknown-folder', argv: ['simulate', 'examples/latencyy'] },
  { name: 'emergency-stop-of-nothing', argv: ['emergency-stop'] },
  after('misspelt-key', 'stage: standard\n'),
  after('tab-indentation', 'checks:\n\terrors:\n\t\tlimit: 1%\n'),
  after('stages-not-rising', 'stages:\n  - { weight: 25%, bake: 10m }\n  - { weight: 10%, bake: 10m }\n'),
  after('percent-without-sign', 'stages:\n  - { weight: 5, bake: 10m }\n'),
  after('bake-without-unit', 'stages:\n  - { weight: 5%, bake: 10 }\n'),
  after('unknown-preset', 'stages: fast\n'),
  after('duplicate-key', 'maxHold: 20m\nstages: standard\nmaxHold: 30m\n'),
  after('missing-space-after-colon', 'stages:standard\n'),
  after(
    'several-mistakes',
    'stage: standard\nmaxHold: 20\nchecks:\n  errors: { limit: 1, tolerance: 1.5 }\nonInconclusive: wait\n',
  ),
  inFile('capital-letters', HEAD.replace('checkout', 'Checkout')),
  inFile('empty-file', ''),
  inFile('anchor-bomb', anchorBomb()),
  withTarget(
    'two-targets',
    `  lambdaAlias: { function: checkout-api, alias: live }\n  alb: { listenerRule: ${RULE}, slots: { blue: ${GROUP}/blue/1, green: ${GROUP}/green/2 } }\n`,
  ),
  withTarget('alias-latest', '  lambdaAlias: { function: checkout-api, alias: $LATEST }\n'),
  withTarget(
    'function-arn',
    '  lambdaAlias: { function: arn:aws:lambda:eu-west-2:123456789012:function:checkout-api, alias: live }\n',
  ),
  withTarget(
    'wrong-arn',
    `  alb:\n    listenerRule: ${RULE.replace('listener-rule', 'listener')}\n    slots: { blue: ${GROUP}/blue/1, green: ${GROUP}/green/2 }\n`,
  ),
  { name: 'file-that-is-not-there', argv: ['validate', 'chekout.yaml'], files: { 'checkout.yaml': HEAD } },
  { name: 'folder-for-a-file', argv: ['validate', 'services'], files: { 'services/checkout.yaml': HEAD } },
  {
    name: 'trailing-comma-in-json',
    argv: ['validate', 'checkout.json'],
    files: {
      'checkout.json':
        '{\n  "service": "checkout",\n  "target": { "lambdaAlias": { "function": "checkout-api", "alias": "live" } },\n}\n',
    },
  },
  {
    name: 'missing-comma-in-json',
    argv: ['validate', 'checkout.json'],
    files: {
      'checkout.json':
        '{\n  "service": "checkout"\n  "target": { "lambdaAlias": { "function": "checkout-api", "alias": "live" } }\n}\n',
    },
  },
  {
    name: 'binary-file',
    argv: ['validate', 'checkout.zip'],
    files: { 'checkout.zip': Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 0xff, 0xfe, 0x00, 0x80]) },
  },
  {
    name: 'unknown-fault',
    argv: ['simulate', '.'],
    files: { ...SCENARIO, 'scenario.yaml': `${SCENARIO['scenario.yaml']}canary: { crashes: 5% }\n` },
  },
  {
    name: 'what-if-unknown-key',
    argv: ['replay', 'recording.jsonl', '--service', 'service.yaml', '--what-if', 'checks.error.limit=2%'],
    files: { 'service.yaml': HEAD, 'recording.jsonl': '' },
  },
  {
    name: 'empty-recording',
    argv: ['replay', 'recording.jsonl', '--service', 'service.yaml'],
    files: { 'service.yaml': HEAD, 'recording.jsonl': '' },
  },
  {
    name: 'report-into-a-file-as-folder',
    argv: ['simulate', '.', '--report', 'service.yaml/report.html'],
    files: SCENARIO,
  },
  {
    name: 'report-into-a-missing-folder',
    argv: ['simulate', '.', '--report', 'a/b/report.html'],
    files: SCENARIO,
  },
];
