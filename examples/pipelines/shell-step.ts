// One CodeBuild action that runs a few commands with exactly the permissions it is given.
import { readFileSync } from 'node:fs';
import {
  type BuildEnvironmentVariable,
  BuildSpec,
  ComputeType,
  LinuxBuildImage,
  PipelineProject,
} from 'aws-cdk-lib/aws-codebuild';
import type { Artifact } from 'aws-cdk-lib/aws-codepipeline';
import { CodeBuildAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

export interface ShellStepProps {
  readonly input: Artifact;
  readonly commands: readonly string[];
  /** Plain texts that are the same every time. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables of earlier actions. Apart, because all of these together may have 1,000 characters in CodePipeline. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Names of shell variables that later actions may use. */
  readonly exports?: readonly string[];
  /** Gets what the commands leave in `folder`. */
  readonly output?: { readonly artifact: Artifact; readonly folder: string };
  readonly permissions?: readonly PolicyStatement[];
  /** Whether it builds container images. */
  readonly usesDocker?: boolean;
  readonly runOrder?: number;
}

export function shellStep(scope: Construct, name: string, props: ShellStepProps): CodeBuildAction {
  const { commands, exports = [], output, environment = {}, variables = {} } = props;
  const project = new PipelineProject(scope, name, {
    buildSpec: BuildSpec.fromObjectToYaml({
      version: '0.2',
      ...(exports.length === 0 ? {} : { env: { 'exported-variables': exports } }),
      // what a command sets is found by the next one; CodeBuild documents exporting for environment variables alone
      phases: {
        build: { commands: [...commands, ...(exports.length === 0 ? [] : [`export ${exports.join(' ')}`])] },
      },
      ...(output === undefined ? {} : { artifacts: { 'base-directory': output.folder, files: ['**/*'] } }),
    }),
    environment: {
      buildImage: LinuxBuildImage.STANDARD_7_0,
      computeType: ComputeType.SMALL,
      privileged: props.usesDocker ?? false,
    },
    environmentVariables: asBuildVariables(environment),
  });
  for (const statement of props.permissions ?? []) project.addToRolePolicy(statement);
  return new CodeBuildAction({
    actionName: name,
    project,
    input: props.input,
    environmentVariables: asBuildVariables(variables),
    ...(output === undefined ? {} : { outputs: [output.artifact] }),
    ...(props.runOrder === undefined ? {} : { runOrder: props.runOrder }),
  });
}

function asBuildVariables(texts: Readonly<Record<string, string>>): Record<string, BuildEnvironmentVariable> {
  return Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, { value }]));
}

/** A command that writes a script of this folder to where it can be run, so that the source needs no copy of it. */
export function writeScript(name: string): string {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  return `cat > /tmp/${name} <<'END_OF_SCRIPT'\n${text}END_OF_SCRIPT`;
}
