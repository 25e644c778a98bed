// The example pipelines synthesize: stages in order, and variables from the action that makes them.
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  actionNamed,
  NAMES,
  type Name,
  type PipelineAction,
  projectOf,
  stacks,
  stagesOf,
  templates,
  variablesOf,
} from './pipeline-templates.ts';
import { resources } from './synth.ts';

describe('the order', () => {
  const orderOf = (name: Name) =>
    stagesOf(name).map((stage) => [
      stage.Name,
      ...stage.Actions.toSorted((a, b) => a.RunOrder - b.RunOrder).map((action) => action.Name),
    ]);

  it('is source, build, publish, rollout, and then what may only follow a promotion', () => {
    expect(orderOf('lambda')).toEqual([
      ['Source', 'Code'],
      ['Build', 'Build'],
      ['Publish', 'Publish'],
      ['Rollout', 'Rollout'],
      ['AfterRollout', 'DeployClient'],
    ]);
  });

  it('keeps filling the slot and rolling it out in one stage, or the next commit would swap the canary', () => {
    expect(orderOf('albSlot')).toEqual([
      ['Source', 'Code'],
      ['Build', 'Build'],
      ['Release', 'FillIdleSlot', 'Rollout'],
      ['AfterRollout', 'SmokeTest'],
    ]);
    expect(actionNamed('albSlot', 'FillIdleSlot').RunOrder).toBeLessThan(
      actionNamed('albSlot', 'Rollout').RunOrder,
    );
  });

  it.each(NAMES)('lets one execution at a time into a stage: %s', (name) => {
    const [pipeline] = Object.values(resources(templates[name], 'AWS::CodePipeline::Pipeline'));
    expect(pipeline?.Properties.ExecutionMode).toBe('SUPERSEDED');
    expect(pipeline?.Properties.PipelineType).toBe('V2');
  });
});

describe('the artifacts', () => {
  it('of the build are what is published and deployed; its own code is never built twice', () => {
    const inputOf = (action: string) =>
      actionNamed('lambda', action).InputArtifacts?.map(({ Name }) => Name) ?? [];
    expect(inputOf('Build')).toEqual(['Code']);
    expect(inputOf('Publish')).toEqual(['Built']);
    expect(inputOf('DeployClient')).toEqual(['Built']);
    expect(inputOf('Rollout')).toEqual([]);
  });
});

describe('the variables', () => {
  it('bring the published version to the rollout and both to what follows', () => {
    const { Namespace } = actionNamed('lambda', 'Publish');
    const rollout = actionNamed('lambda', 'Rollout');
    expect(JSON.parse(String(rollout.Configuration['Input']))).toEqual({
      service: 'checkout',
      version: `#{${Namespace}.VERSION}`,
    });
    expect(variablesOf(actionNamed('lambda', 'DeployClient'))).toEqual({
      VERSION: `#{${Namespace}.VERSION}`,
      ROLLOUT: `#{${rollout.Namespace}.ExecutionArn}`,
    });
  });

  it('bring the image to the slot, and what it was tagged with to the rollout', () => {
    const build = actionNamed('albSlot', 'Build').Namespace;
    const fill = actionNamed('albSlot', 'FillIdleSlot');
    const rollout = actionNamed('albSlot', 'Rollout');
    expect(variablesOf(fill)).toEqual({ IMAGE: `#{${build}.IMAGE}`, VERSION: `#{${build}.VERSION}` });
    expect(JSON.parse(String(rollout.Configuration['Input']))).toEqual({
      service: 'shop',
      version: `#{${fill.Namespace}.VERSION}`,
    });
    expect(variablesOf(actionNamed('albSlot', 'SmokeTest'))).toEqual({
      VERSION: `#{${fill.Namespace}.VERSION}`,
      SLOT: `#{${fill.Namespace}.SLOT}`,
      ROLLOUT: `#{${rollout.Namespace}.ExecutionArn}`,
    });
  });

  it.each([
    ['lambda', 'Publish', ['VERSION']],
    ['albSlot', 'Build', ['VERSION', 'IMAGE']],
    ['albSlot', 'FillIdleSlot', ['VERSION', 'SLOT']],
  ] as const)('of %s %s are exported by its commands', (name, project, exported) => {
    const spec = projectOf(name, project).Properties.Source.BuildSpec as string;
    const listed = /exported-variables:\n((?: {4}- \w+\n)+)/.exec(spec)?.[1] ?? '';
    expect(listed.match(/\w+/g)).toEqual(exported);
    const { commands }: { commands: string[] } = parse(spec).phases.build;
    expect(commands.at(-1)).toBe(`export ${exported.join(' ')}`);
    const filledIn = Object.keys(variablesOf(actionNamed(name, project)));
    for (const variable of exported) {
      // by a command, and by no command that hides how it ended, as `export NAME=$(…)` does
      const isSet = commands.some((command) => command.startsWith(`${variable}=`));
      expect(isSet || filledIn.includes(variable), variable).toBe(true);
    }
    expect(spec).not.toMatch(/export \w+=/);
  });

  it.each(NAMES)('are used only where they are handed over: %s', (name) => {
    for (const { Name, Configuration } of stagesOf(name).flatMap(({ Actions }) => Actions)) {
      if (Configuration['ProjectName'] === undefined) continue;
      const { Source, Environment } = projectOf(name, Name).Properties;
      const { commands }: { commands: string[] } = parse(Source.BuildSpec).phases.build;
      const text = commands.join('\n');
      const set = [...text.matchAll(/(?:^|\s)([A-Za-z_]+)=/gm)].map(([, variable = '']) => variable);
      const told = (Environment.EnvironmentVariables ?? []).map((one: { Name: string }) => one.Name);
      const known = new Set([
        ...set,
        ...told,
        ...Object.keys(variablesOf({ Configuration } as PipelineAction)),
      ]);
      const used = [...text.matchAll(/\$\{?([A-Z][A-Z_]+)/g)].map(([, variable = '']) => variable);
      expect(
        [...new Set(used)].filter((one) => !known.has(one) && !one.startsWith('CODEBUILD_')),
        Name,
      ).toEqual([]);
    }
  });

  it.each(NAMES)('fit into the 1,000 characters of a value that CodePipeline allows: %s', (name) => {
    for (const { Name, Configuration } of stagesOf(name).flatMap(({ Actions }) => Actions)) {
      for (const [key, value] of Object.entries(Configuration)) {
        expect(JSON.stringify(value).length, `${Name} ${key}`).toBeLessThanOrEqual(1000);
      }
    }
  });
});

describe('the plans', () => {
  it.each(NAMES)('end before CodePipeline stops waiting: %s', (name) => {
    expect(
      Annotations.fromStack(stacks[name]).findWarning('*', Match.stringLikeRegexp('may take about')),
    ).toEqual([]);
  });
});
