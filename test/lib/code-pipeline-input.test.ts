// What the CodePipeline action refuses at synth, with the fix, instead of on the day.
import { CfnParameter, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { StepshiftRolloutAction, type StepshiftRolloutActionProps } from '../../lib/code-pipeline.ts';
import { MAX_PREFIX_CHARACTERS } from '../../lib/code-pipeline-input.ts';
import { InvalidInputError } from '../../src/core/errors.ts';
import { quickApp } from './synth.ts';

const TARGET = { lambdaAlias: { function: 'checkout-api', alias: 'live' } };
const REQUEST = { service: 'checkout', version: '#{Publish.VERSION}' } as const;

describe('a mistake', () => {
  const problemsOf = (props: Partial<StepshiftRolloutActionProps>) => {
    try {
      new StepshiftRolloutAction({ actionName: 'Rollout', ...REQUEST, ...props });
    } catch (error) {
      if (error instanceof InvalidInputError) return error.problems;
      throw error;
    }
    return [];
  };

  it.each([
    '#{Publish}',
    '#{Publish.}',
    '#{Pub lish.VERSION}',
    '{VERSION}',
    '$VERSION',
    '42"',
    '42","acceptAlarms":{"Checkout5xx":"x',
    '4 2',
    '',
    '$LATEST',
    'x'.repeat(129),
  ])('in the version is refused with the fix: %s', (version) => {
    const problems = problemsOf({ version });
    expect(problems.map(({ code, where }) => [code, where])).toEqual([['wrong-version', 'Rollout: version']]);
    expect(problems[0]?.fix).toContain('variable');
  });

  it.each(['42', '#{Publish.VERSION}', 'v#{Build@1.SHORT_SHA}-#{variables.KIND}'])(
    'is not seen in the version %s',
    (version) => {
      expect(problemsOf({ version })).toEqual([]);
    },
  );

  it('is not seen in what the CDK fills in later', () => {
    const version = new CfnParameter(new Stack(quickApp(), 'Other'), 'Version').valueAsString;
    expect(problemsOf({ version })).toEqual([]);
    expect(problemsOf({ version: `${version}!` })).toHaveLength(1);
  });

  it('in every name is told at once', () => {
    const problems = problemsOf({
      service: '#{Build.SERVICE}',
      engineName: 'no engine',
      executionNamePrefix: 'p'.repeat(MAX_PREFIX_CHARACTERS + 1),
    });
    expect(problems.map(({ code }) => code)).toEqual(['wrong-name', 'wrong-engine-name', 'wrong-prefix']);
    expect(problems.every(({ allowed, fix }) => allowed !== '' && fix !== '')).toBe(true);
  });

  it('in the service file is told as everywhere', () => {
    const service = { service: 'checkout', target: TARGET, stages: 'fast' };
    expect(() => new StepshiftRolloutAction({ actionName: 'Rollout', ...REQUEST, service })).toThrow(
      InvalidInputError,
    );
  });

  it('in the length of a name cannot happen: prefix, hyphen and a UUID are 80 characters', () => {
    const prefix = 'p'.repeat(MAX_PREFIX_CHARACTERS);
    expect(problemsOf({ executionNamePrefix: prefix })).toEqual([]);
    expect(`${prefix}-1624a1d1-3699-43f0-8e1e-6bafd7fde791`).toHaveLength(80);
    expect(problemsOf({ service: 's'.repeat(40) })).toEqual([]);
  });
});
