// Deploys the stacks of the game day with the CDK command line of this repository.
import { spawn } from 'node:child_process';
import type { Deployer, Deployment } from '../run/site.ts';

/** How a program is run; tests give their own. Answers its exit code. */
export type RunProgram = (program: string, argv: readonly string[]) => Promise<number>;

export function cdkDeployer(run: RunProgram = runInherited): Deployer {
  return {
    deploy: async (deployment) => {
      const code = await run('npx', cdkArguments(deployment));
      if (code !== 0) throw new Error(`cdk deploy ${deployment.stacks.join(' ')} ended with ${code}`);
    },
  };
}

export function cdkArguments({ stacks, tags, context }: Deployment): readonly string[] {
  return [
    'cdk',
    'deploy',
    ...stacks,
    '--app',
    'node gameday/app.ts',
    '--output',
    'cdk.out/gameday',
    '--require-approval',
    'never',
    '--exclusively',
    '--progress',
    'events',
    ...Object.entries(tags).flatMap(([key, value]) => ['--tags', `${key}=${value}`]),
    ...Object.entries(context).flatMap(([key, value]) => ['--context', `${key}=${value}`]),
  ];
}

/**
 * What it says goes to stderr, since stdout is for data. It is not in this process's group, so that Ctrl-C leaves a
 * deployment in one piece for removing.
 */
function runInherited(program: string, argv: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...argv], { stdio: ['ignore', 2, 2], detached: true });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
