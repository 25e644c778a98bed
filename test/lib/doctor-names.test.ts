// What the doctor takes for granted of the templates: names, outputs, and the version of the bootstrap stack.
import { Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { judgeEngine } from '../../src/core/doctor-engine.ts';
import { judgeBootstrap } from '../../src/core/doctor-tools.ts';
import { STEPS } from '../../src/steps/index.ts';
import { ENGINE, outputs, quickApp, resources, serviceSpec, synthesize } from './synth.ts';

const { engine, services } = synthesize({ specs: [serviceSpec('checkout')] });

describe('the doctor', () => {
  it('finds the function that takes traffic back by its logical id', () => {
    const found = Object.entries(resources(engine, 'AWS::Lambda::Function')).filter(([id]) =>
      id.startsWith('RollBack'),
    );
    expect(found.map(([, { Properties }]) => Properties.Description)).toEqual([STEPS['roll-back'].does]);
  });

  it('asks an engine for no output that it lacks', () => {
    const given = Object.fromEntries(Object.keys(outputs(engine)).map((name) => [name, 'x']));
    const stack = { name: ENGINE, status: 'CREATE_COMPLETE', outputs: given };
    const judged = judgeEngine({ stack, region: '', elsewhere: [] }, { engineName: ENGINE });
    expect(judged.map(({ code }) => code)).toEqual(['engine-installed']);
  });

  it('asks for the version of the bootstrap stack that our stacks ask for', () => {
    const app = quickApp();
    new Topic(new Stack(app, 'Any'), 'Topic');
    const wanted = app.synth().getStackByName('Any').requiresBootstrapStackVersion ?? 0;
    const judged = [wanted - 1, wanted].map((version) =>
      judgeBootstrap({ name: '', status: '', outputs: { BootstrapVersion: String(version) } }),
    );
    expect(judged.flat().map(({ code }) => code)).toEqual(['bootstrap-old', 'bootstrap-fits']);
  });

  it('knows a service by the resource that registers it', () => {
    const [template] = services;
    expect(template && Object.keys(resources(template, 'Custom::StepshiftService'))).toHaveLength(1);
  });
});
