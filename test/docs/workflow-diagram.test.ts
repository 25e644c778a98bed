// The picture of the workflow: every state and every way is in it.
import { describe, expect, it } from 'vitest';
import { workflowDiagram } from '../../scripts/workflow-diagram.ts';
import { workflow } from '../../src/core/workflow.ts';

describe('workflowDiagram', () => {
  const definition = workflow({ tickSeconds: 60 });
  const lines = workflowDiagram(definition).split('\n');

  it('names every state once', () => {
    for (const name of Object.keys(definition.States)) {
      expect(lines.filter((line) => line.includes(`state "${name}" as `))).toHaveLength(1);
    }
  });

  it('shows the way back from everything that may fail before the point of no return', () => {
    for (const state of ['shift_traffic', 'bake', 'bake_slowly', 'judge_canary', 'what_next']) {
      expect(lines.some((line) => line.startsWith(`  ${state} --> roll_back`))).toBe(true);
    }
  });

  it('shows that a committed promotion only gives way to a third version', () => {
    const ways = lines.filter((line) => line.startsWith('  finish_promotion -->'));
    expect(ways).toEqual(['  finish_promotion --> promoted', '  finish_promotion --> roll_back: superseded']);
  });

  it('draws one arrow for each pair of states, with all its reasons', () => {
    expect(lines).toContain('  bake --> roll_back: interrupted, failed');
    expect(lines).toContain('  bake --> judge_canary: woken, tick');
    const arrows = lines.filter((line) => line.includes('-->')).map((line) => line.split(':')[0]);
    expect(new Set(arrows).size).toBe(arrows.length);
  });

  it('follows the workflow object', () => {
    const changed = {
      ...definition,
      States: { ...definition.States, 'Finish promotion': { ...definition.States['Roll back'] } },
    };
    expect(workflowDiagram(changed)).not.toBe(workflowDiagram(definition));
  });
});
