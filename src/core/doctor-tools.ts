// What the doctor makes of the tools: Node, the CDK command line and CDK's bootstrap stack.
import type { Judged } from './doctor.ts';
import type { StackReading, Toolchain } from './doctor-reader.ts';

/** What this release is tested with; docs/install.md says why it is pinned. */
export const TESTED_CDK_CLI = '2.1148.1';
/** As package.json asks for. */
const OLDEST_NODE_MAJOR = 24;
/** What the stacks that we synthesize ask for (`requiresBootstrapStackVersion` in the cloud assembly). */
const OLDEST_BOOTSTRAP = 6;

export function judgeNode({ nodeVersion }: Toolchain): readonly Judged[] {
  if (majorOf(nodeVersion) >= OLDEST_NODE_MAJOR) {
    return [{ code: 'node-fits', severity: 'ok', what: `Node ${nodeVersion} runs this.` }];
  }
  return [
    {
      code: 'node-too-old',
      severity: 'warn',
      what: `Node ${nodeVersion} runs this, and Stepshift is made for ${OLDEST_NODE_MAJOR}.`,
      fix: 'Run it through the npm scripts of the project, which bring the right Node along',
      command: 'npm run -s stepshift -- doctor',
    },
  ];
}

/** The registry's 3.0.0 is an old build, published by mistake; it reads no assembly that a current CDK writes. */
export function judgeCdk({ cdk }: Toolchain): readonly Judged[] {
  const install = `npm install --save-dev --save-exact aws-cdk@${TESTED_CDK_CLI}`;
  if (cdk === null) {
    return [
      {
        code: 'cdk-cli-missing',
        severity: 'warn',
        what: 'No aws-cdk is installed here, and npx would fetch the newest, the mistaken 3.0.0.',
        fix: 'Install the pinned one before you deploy from here',
        command: install,
      },
    ];
  }
  const where = cdk.path;
  if (majorOf(cdk.version) >= 3) {
    return [
      {
        code: 'cdk-cli-mistaken',
        severity: 'fail',
        what: `aws-cdk ${cdk.version} is a mistaken publish: it cannot read this app, so nothing can be deployed.`,
        where,
        fix: 'Install the pinned one',
        command: install,
      },
    ];
  }
  if (isOlder(cdk.version, TESTED_CDK_CLI)) {
    return [
      {
        code: 'cdk-cli-old',
        severity: 'warn',
        what: `aws-cdk ${cdk.version} is older than the tested ${TESTED_CDK_CLI} and may not read this app.`,
        where,
        fix: 'Install the pinned one',
        command: install,
      },
    ];
  }
  return [{ code: 'cdk-cli-fits', severity: 'ok', what: `aws-cdk ${cdk.version} reads this app.`, where }];
}

export function judgeBootstrap(stack: StackReading | null): readonly Judged[] {
  const command = 'npx cdk bootstrap';
  if (stack === null) {
    return [
      {
        code: 'bootstrap-missing',
        severity: 'warn',
        what: 'CDK was not bootstrapped here under its usual name, so cdk deploy is likely to fail.',
        fix: 'Bootstrap once, unless you use a bootstrap stack of your own',
        command,
      },
    ];
  }
  const version = Number(stack.outputs['BootstrapVersion']);
  if (version >= OLDEST_BOOTSTRAP) {
    return [{ code: 'bootstrap-fits', severity: 'ok', what: `CDK is bootstrapped, version ${version}.` }];
  }
  return [
    {
      code: 'bootstrap-old',
      severity: 'warn',
      what: `The bootstrap stack has ${Number.isNaN(version) ? 'no version' : `version ${version}`}, and the app asks for ${OLDEST_BOOTSTRAP}.`,
      fix: 'Bootstrap again; it updates the stack',
      command,
    },
  ];
}

function majorOf(version: string): number {
  return Number(version.split('.')[0]);
}

function isOlder(version: string, than: string): boolean {
  const ours = version.split('.').map(Number);
  const theirs = than.split('.').map(Number);
  const index = theirs.findIndex((part, place) => part !== ours[place]);
  return index >= 0 && (ours[index] ?? 0) < (theirs[index] ?? 0);
}
