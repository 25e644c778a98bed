// The deployed state machine is the workflow object of the core, and nothing else.
import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { workflow } from '../../src/core/workflow.ts';
import { joined, outputs, resources, synthesize } from './synth.ts';

const { engine } = synthesize();
const [machine] = Object.values(resources(engine, 'AWS::StepFunctions::StateMachine'));
const definition: string = joined(machine?.Properties.DefinitionString);
const substitutions: Record<string, { Ref: string }> = machine?.Properties.DefinitionSubstitutions;

describe('the deployed definition', () => {
  it('equals the workflow object at a tick of 60 seconds', () => {
    expect(JSON.parse(definition)).toEqual(workflow({ tickSeconds: 60 }));
  });

  it('leaves no placeholder without a value and no value without a placeholder', () => {
    const placeholders = new Set([...definition.matchAll(/\$\{(\w+FunctionArn)\}/g)].map(([, name]) => name));
    expect(Object.keys(substitutions).sort()).toEqual([...placeholders].sort());
  });

  it('passes asl-validator once the placeholders are filled in', () => {
    const filled = definition
      .replaceAll(/\$\{(\w+)FunctionArn\}/g, 'arn:aws:lambda:eu-west-2:123456789012:function:$1:1')
      .replaceAll(`\${AWS::Partition}`, 'aws');
    expect(aslValidator(JSON.parse(filled))).toMatchObject({ isValid: true });
  });

  it('calls published versions, which outlive a deployment of the engine', () => {
    const versions = resources(engine, 'AWS::Lambda::Version');
    for (const { Ref } of Object.values(substitutions)) {
      expect(versions[Ref]).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  it('follows the tick asked for, in emulator tests', () => {
    const quick = synthesize({ engine: { tickSeconds: 2 } }).engine;
    const [other] = Object.values(resources(quick, 'AWS::StepFunctions::StateMachine'));
    expect(JSON.parse(joined(other?.Properties.DefinitionString))).toEqual(workflow({ tickSeconds: 2 }));
  });
});

describe('the machine', () => {
  it('logs every event without the data of the execution, and traces', () => {
    expect(machine?.Properties).toMatchObject({
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
  });

  it('may call every version of its functions, so that a running rollout survives a deployment', () => {
    const grant = Object.values(resources(engine, 'AWS::IAM::Policy'))
      .filter(({ Properties }) => Properties.Roles[0].Ref === machine?.Properties.RoleArn['Fn::GetAtt'][0])
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'lambda:InvokeFunction');
    const granted = grant.flatMap(({ Resource }) => Resource.map(joined));
    const functions = Object.values(substitutions).map(
      ({ Ref }) => resources(engine, 'AWS::Lambda::Version')[Ref]?.Properties.FunctionName.Ref,
    );
    for (const id of functions) expect(granted).toContain(`\${${id}.Arn}:*`);
  });

  it('is started through an alias of a published version, or directly where there are no versions', () => {
    const [aliasId] = Object.keys(resources(engine, 'AWS::StepFunctions::StateMachineAlias'));
    expect(outputs(engine)['RolloutMachineArn'].Value).toEqual({ 'Fn::GetAtt': [aliasId, 'Arn'] });

    // an execution of an older version names it, and people look it up
    engine.hasResource('AWS::StepFunctions::StateMachineVersion', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });

    const plain = synthesize({ engine: { publishMachineVersion: false } }).engine;
    plain.resourceCountIs('AWS::StepFunctions::StateMachineVersion', 0);
    const [machineId] = Object.keys(resources(plain, 'AWS::StepFunctions::StateMachine'));
    expect(outputs(plain)['RolloutMachineArn'].Value).toEqual({ Ref: machineId });
  });
});
