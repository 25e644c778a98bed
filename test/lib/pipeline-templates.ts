// The example pipelines, synthesized once for the tests that look at them.
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { addPipelines } from '../../examples/pipelines/pipelines.ts';
import { type CfnResource, quickApp, resources } from './synth.ts';

export const stacks = addPipelines(quickApp(cdkJson.context));
export const templates = {
  lambda: Template.fromStack(stacks.lambda),
  albSlot: Template.fromStack(stacks.albSlot),
};
export type Name = keyof typeof templates;
export const NAMES = Object.keys(templates) as Name[];

export interface PipelineAction {
  readonly Name: string;
  readonly Namespace?: string;
  readonly RunOrder: number;
  readonly InputArtifacts?: readonly { readonly Name: string }[];
  readonly Configuration: Readonly<Record<string, unknown>>;
}

export function stagesOf(
  name: Name,
): readonly { readonly Name: string; readonly Actions: PipelineAction[] }[] {
  const [pipeline] = Object.values(resources(templates[name], 'AWS::CodePipeline::Pipeline'));
  return pipeline?.Properties.Stages;
}

export function actionNamed(name: Name, action: string): PipelineAction {
  const found = stagesOf(name)
    .flatMap(({ Actions }) => Actions)
    .find(({ Name }) => Name === action);
  if (found === undefined) throw new Error(`no action ${action}`);
  return found;
}

/** Shell variables that the pipeline fills in anew each time. */
export function variablesOf(action: PipelineAction): Readonly<Record<string, string>> {
  const written = JSON.parse(String(action.Configuration['EnvironmentVariables'] ?? '[]'));
  return Object.fromEntries(written.map(({ name, value }: { name: string; value: string }) => [name, value]));
}

export function projectOf(name: Name, project: string): CfnResource {
  const found = Object.entries(resources(templates[name], 'AWS::CodeBuild::Project')).find(([id]) =>
    id.startsWith(project),
  );
  if (found === undefined) throw new Error(`no project ${project}`);
  return found[1];
}
