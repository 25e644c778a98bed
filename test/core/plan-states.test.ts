// The states that a plan counts: they are neighbours in the workflow, and each function in them is a step.
import { describe, expect, it } from 'vitest';
import { functionOf, functionsCalled, type PlannedEnd, statesEntered } from '../../src/core/plan-states.ts';
import type { State } from '../../src/core/states-language.ts';
import { type StateName, workflow } from '../../src/core/workflow.ts';
import { STEPS } from '../../src/steps/index.ts';
import type { Trigger } from '../../src/steps/step.ts';

const { StartAt, States } = workflow({ tickSeconds: 60 });

function waysOf(state: State<StateName>): readonly StateName[] {
  if (state.Type === 'Task') return [state.Next, ...(state.Catch ?? []).map(({ Next }) => Next)];
  if (state.Type === 'Choice') return [state.Default, ...state.Choices.map(({ Next }) => Next)];
  return [];
}

/** Two stages of two ticks, in the order in which a rollout goes through them. */
function pathTo(end: PlannedEnd): readonly StateName[] {
  const tick: readonly StateName[] = ['Bake', 'Judge canary', 'What next?'];
  const stage: readonly StateName[] = ['Shift traffic', ...tick, ...tick];
  const ends: Readonly<Record<PlannedEnd, readonly StateName[]>> = {
    promoted: ['Commit promotion', 'Finish promotion', 'Promoted'],
    settled: ['Commit promotion', 'Settle promotion', 'Was it committed?', 'Finish promotion', 'Promoted'],
    'rolled-back': ['Roll back', 'Rolled back'],
  };
  return ['Start rollout', ...stage, ...stage, ...ends[end]];
}

describe.each(['promoted', 'settled', 'rolled-back'] as const)(
  'the states of a rollout that ends %s',
  (end) => {
    const path = pathTo(end);

    it('are a way through the workflow, from its start to one of its ends', () => {
      expect(path[0]).toBe(StartAt);
      for (const [index, next] of path.slice(1).entries()) {
        const from = path[index] as StateName;
        expect(waysOf(States[from]), `${from} → ${next}`).toContain(next);
      }
      expect(waysOf(States[path.at(-1) as StateName])).toEqual([]);
    });

    it('are counted as often as that way enters them', () => {
      const counted: Record<string, number> = {};
      for (const state of path) counted[state] = (counted[state] ?? 0) + 1;
      expect(statesEntered(2, 4, end)).toEqual(counted);
    });
  },
);

describe('the function of a state', () => {
  it('is the step that the table of steps has for it', () => {
    for (const { name, trigger } of Object.values(STEPS) as { name: string; trigger: Trigger }[]) {
      for (const stateName of trigger.kind === 'state' ? trigger.states : []) {
        const state = States[stateName];
        expect(state.Type === 'Task' ? functionOf(state) : null, stateName).toBe(name);
      }
    }
  });

  it('is counted for every state that calls it; choices and ends call none', () => {
    expect(functionsCalled({ Bake: 3, 'Bake slowly': 2, 'What next?': 5, Promoted: 1 })).toEqual({ bake: 5 });
  });
});
