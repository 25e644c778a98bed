// The stacks of the game day: nothing in them outlives the day, and the code of the functions does what is measured.
import { createContext, runInContext } from 'node:vm';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  BALANCER_STACK,
  ENGINE,
  SAMPLE,
  SAMPLE_STACK,
  SERVICE_STACK,
  STACKS,
  TAGGED,
} from '../../gameday/core/names.ts';
import { FAST_MS, RECORDER_CODE, SAMPLE_CODE, SLOW_MS } from '../../gameday/stacks/function-code.ts';
import { addGameDayStacks } from '../../gameday/stacks/game-day-app.ts';
import { type CfnResource, quickApp, resources } from '../lib/synth.ts';

const templates: Record<string, Template> = {};
let redeployed: Template;
beforeAll(() => {
  const synth = (context: Readonly<Record<string, string>>) => {
    const app = quickApp({ 'aws:cdk:bundling-stacks': [], ...context });
    addGameDayStacks(app);
    return app;
  };
  const app = synth({ balancerCidr: '203.0.113.7/32' });
  for (const name of STACKS) templates[name] = Template.fromStack(app.node.findChild(name) as never);
  redeployed = Template.fromStack(synth({ redeploy: 'true' }).node.findChild(ENGINE) as never);
});

const all = (): readonly (readonly [string, CfnResource])[] =>
  Object.values(templates).flatMap((template) =>
    Object.entries(template.toJSON()['Resources'] as Record<string, CfnResource>),
  );
const of = (name: string): Template => templates[name] as Template;

describe('what a day makes', () => {
  it('goes with its stack: nothing is kept but versions, which go with their function or machine', () => {
    const kept = all()
      .filter(([, { DeletionPolicy = 'Delete' }]) => DeletionPolicy !== 'Delete')
      .map(([, { Type }]) => Type);
    expect([...new Set(kept)].sort()).toEqual([
      'AWS::Lambda::Version',
      'AWS::StepFunctions::StateMachineVersion',
    ]);
  });

  it('is the product’s own engine and service, and the sample', () => {
    of(ENGINE).hasResourceProperties('AWS::StepFunctions::StateMachine', { StateMachineName: ENGINE });
    of(SERVICE_STACK).resourceCountIs('Custom::StepshiftService', 1);
    of(SAMPLE_STACK).hasResourceProperties('AWS::Lambda::Alias', { Name: SAMPLE.alias });
  });

  it('has no load balancer unless callers are named, and then lets only those in', () => {
    of(BALANCER_STACK).resourceCountIs('AWS::EC2::NatGateway', 0);
    const groups = Object.values(resources(of(BALANCER_STACK), 'AWS::EC2::SecurityGroup'));
    const allowed = groups.flatMap(({ Properties }) => Properties.SecurityGroupIngress ?? []);
    expect(allowed.map(({ CidrIp }: { CidrIp: string }) => CidrIp)).toEqual(['203.0.113.7/32']);
    const app = quickApp({ 'aws:cdk:bundling-stacks': [] });
    addGameDayStacks(app);
    expect(app.node.tryFindChild(BALANCER_STACK)).toBeUndefined();
  });

  it('tags one function for the trial of permissions, and not the other', () => {
    const functions = Object.values(resources(of(SAMPLE_STACK), 'AWS::Lambda::Function'));
    const tagged = functions.filter(({ Properties }) =>
      JSON.stringify(Properties.Tags ?? []).includes('gameday-open'),
    );
    expect(tagged.map(({ Properties }) => Properties.FunctionName)).toEqual([TAGGED.functionName]);
  });

  it('differs from itself when the engine is deployed anew in a rollout', () => {
    const definition = (template: Template) =>
      JSON.stringify(resources(template, 'AWS::StepFunctions::StateMachine'));
    expect(definition(redeployed)).not.toBe(definition(of(ENGINE)));
  });

  it('fits inline', () => {
    for (const code of [SAMPLE_CODE, RECORDER_CODE]) expect(code.length).toBeLessThan(4096);
  });
});

type Handler = (event: unknown, context?: unknown) => Promise<unknown>;

/** Runs the text of a function as Lambda would, with a clock that does not wait. */
function load(code: string, env: Readonly<Record<string, string>>, random = 0.5) {
  const waited: number[] = [];
  const put: Record<string, unknown>[] = [];
  const module = { exports: {} as { handler: Handler } };
  const sdk = {
    DynamoDBClient: class {
      async send({ input }: { readonly input: Record<string, unknown> }) {
        const isThere = put.some((one) => JSON.stringify(one) === JSON.stringify(input['Item']));
        if (isThere) throw Object.assign(new Error(), { name: 'ConditionalCheckFailedException' });
        put.push(input['Item'] as Record<string, unknown>);
      }
    },
    PutItemCommand: class {
      readonly input: unknown;
      constructor(input: unknown) {
        this.input = input;
      }
    },
  };
  const context = createContext({
    exports: module.exports,
    process: { env },
    require: () => sdk,
    setTimeout: (done: () => void, ms: number) => {
      waited.push(ms);
      done();
    },
    Math: { random: () => random },
    Date: { now: () => 5_000, parse: Date.parse },
  });
  runInContext(code, context);
  return { handler: module.exports.handler, waited, put };
}

describe('the sample function', () => {
  const at = { functionVersion: '7' };

  it.each([
    ['good', FAST_MS, false],
    ['bad', FAST_MS, false],
    ['slow', SLOW_MS, true],
  ])('%s takes %d ms', async (BEHAVIOUR, ms, isSlow) => {
    const { handler, waited } = load(SAMPLE_CODE, { BEHAVIOUR });
    expect(await handler({}, at)).toEqual({ version: '7', isSlow });
    expect(waited).toEqual([ms]);
  });

  it('fails one request in twenty when it is bad, and none when it is good', async () => {
    await expect(load(SAMPLE_CODE, { BEHAVIOUR: 'bad' }, 0.049).handler({}, at)).rejects.toThrow(
      'bad version',
    );
    await expect(load(SAMPLE_CODE, { BEHAVIOUR: 'bad' }, 0.051).handler({}, at)).resolves.toBeDefined();
    await expect(load(SAMPLE_CODE, {}, 0.01).handler({}, at)).resolves.toBeDefined();
  });

  it('sleeps as long as it is told', async () => {
    const { handler, waited } = load(SAMPLE_CODE, {});
    await handler({ sleepMs: 400 }, at);
    expect(waited).toEqual([400]);
  });
});

describe('the recorder', () => {
  const event = {
    id: 'e1',
    detail: { alarmName: 'probe', state: { timestamp: '1970-01-01T00:00:04.200+0000' } },
  };

  it('writes an event down once, with both clocks', async () => {
    const { handler, put } = load(RECORDER_CODE, { TABLE: 't' });
    await handler(event);
    await handler(event);
    expect(put).toEqual([
      { pk: { S: 'alarm/probe' }, sk: { S: 'e1' }, receivedAtMs: { N: '5000' }, happenedAtMs: { N: '4200' } },
    ]);
  });

  it('beats for half a minute', async () => {
    const { handler, put, waited } = load(RECORDER_CODE, { TABLE: 't' });
    await handler({ run: 'r' });
    expect(put).toHaveLength(30);
    expect(waited.reduce((sum, ms) => sum + ms, 0)).toBe(30_000);
  });
});
