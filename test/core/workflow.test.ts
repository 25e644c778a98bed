// The workflow object: its structure, and proof that a broken one is refused.
import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import type { State } from '../../src/core/states-language.ts';
import { SLOW_BAKE_TICKS, type StateName, workflow } from '../../src/core/workflow.ts';
import { STEPS } from '../../src/steps/index.ts';
import { workflowProblems } from '../support/workflow-rules.ts';

const STEP_ROWS = Object.values(STEPS);

function broken(change: (states: Record<string, Record<string, unknown>>) => void) {
  const copy = structuredClone(workflow({ tickSeconds: 60 }));
  change(copy.States as unknown as Record<string, Record<string, unknown>>);
  return copy;
}

describe('the workflow', () => {
  it('obeys every rule', () => {
    expect(workflowProblems(workflow({ tickSeconds: 60 }), STEP_ROWS)).toEqual([]);
  });

  it('is a state machine in the eyes of asl-validator', () => {
    const definition = JSON.parse(
      JSON.stringify(workflow({ tickSeconds: 60 }))
        .replaceAll(/\$\{(\w+)FunctionArn\}/g, 'arn:aws:lambda:eu-west-2:123456789012:function:$1')
        .replaceAll('${AWS::Partition}', 'aws'),
    );
    // the validator's ARN pattern does not know `.waitForTaskToken` on a bake, which the service documents
    const result = aslValidator(definition, { checkArn: false });
    expect(result.errorsText()).toBe('');
    expect(result.isValid).toBe(true);
  });

  it('takes the tick from its argument and fifteen of them for a slow bake', () => {
    const { States } = workflow({ tickSeconds: 2 });
    expect(States['Bake']).toMatchObject({ TimeoutSeconds: 2 });
    expect(States['Bake slowly']).toMatchObject({ TimeoutSeconds: 30 });
  });

  it('reaches the end of a promotion only through the commit', () => {
    const leading = Object.entries(workflow({ tickSeconds: 60 }).States)
      .filter(([, state]) => JSON.stringify(state).includes('"Next":"Finish promotion"'))
      .map(([name]) => name);
    expect(leading).toEqual(['Commit promotion', 'Was it committed?']);
  });
});

describe('a document that cannot be read', () => {
  // tried for ever it would hold the rollout until its deadline; the record is still good
  it.each(['Settle promotion', 'Finish promotion', 'Roll back'] as const)(
    'ends the execution at «%s», so that the guard goes by the record',
    (name) => {
      const state: State = workflow({ tickSeconds: 60 }).States[name];
      const retriers = state.Type === 'Task' ? (state.Retry ?? []) : [];
      const first = retriers.find(({ ErrorEquals }) =>
        ErrorEquals.some((error) => error === 'InvalidDocumentError' || error === 'States.ALL'),
      );
      expect(first).toMatchObject({ ErrorEquals: ['InvalidDocumentError'], MaxAttempts: 0 });
    },
  );
});

describe('a broken workflow is refused', () => {
  it.each<[string, RegExp, (states: Record<string, Record<string, unknown>>) => void]>([
    [
      'a dangling Next',
      /does not exist/,
      (s) => Object.assign(s['Shift traffic'] ?? {}, { Next: 'Nowhere' }),
    ],
    ['a removed Catch', /lacks a Catch/, (s) => delete s['Judge canary']?.['Catch']],
    ['a removed retry on the way back', /can be given up/, (s) => delete s['Roll back']?.['Retry']],
    ['a Task without a step', /has 0 steps/, (s) => Object.assign(s, { Extra: s['Bake'] })],
    ['an unreachable state', /cannot be reached/, (s) => Object.assign(s, { Island: { Type: 'Succeed' } })],
    ['a missing time-out', /no time-out/, (s) => delete s['Bake']?.['TimeoutSeconds']],
    [
      'an error that nobody throws',
      /nobody throws/,
      (s) => Object.assign(s['Bake'] ?? {}, { Retry: [{ ErrorEquals: ['NoSuchError'] }] }),
    ],
    [
      'a choice without a presence check',
      /path is present/,
      (s) =>
        Object.assign(s['What next?'] ?? {}, {
          Choices: [{ Variable: '$.next', StringEquals: 'bake', Next: 'Bake' }],
        }),
    ],
    [
      'a choice that goes on by default',
      /by default/,
      (s) => Object.assign(s['What next?'] ?? {}, { Default: 'Bake' }),
    ],
  ])('%s', (_what, message, change) => {
    const problems = workflowProblems(broken(change), STEP_ROWS);
    expect(problems.join('\n')).toMatch(message);
  });

  it('knows every state by name', () => {
    const names: StateName[] = Object.keys(workflow({ tickSeconds: 60 }).States) as StateName[];
    const tasks = names.filter(
      (name) => (workflow({ tickSeconds: 60 }).States[name] as State).Type === 'Task',
    );
    expect(tasks).toHaveLength(10);
  });
});

describe('bugs that others paid for', () => {
  it('every-wait-has-a-timeout', () => {
    // a wait for a token without a time-out lasts a year, unseen; and its time-out must lead to a look, never onwards
    const { States } = workflow({ tickSeconds: 60 });
    const tasks = Object.values(States).flatMap((state: State) => (state.Type === 'Task' ? [state] : []));
    const waits = tasks.filter(({ Resource }) => Resource.endsWith('.waitForTaskToken'));
    expect(waits).toHaveLength(2);
    for (const wait of waits) {
      expect(wait.Catch?.[0]).toMatchObject({ ErrorEquals: ['States.Timeout'], Next: 'Judge canary' });
    }
    for (const { TimeoutSeconds } of tasks) {
      expect(TimeoutSeconds).toBeGreaterThan(0);
      expect(TimeoutSeconds).toBeLessThanOrEqual(SLOW_BAKE_TICKS * 60);
    }
  });
});
