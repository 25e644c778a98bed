// Draws the workflow object as a Mermaid state diagram, so that the picture in the README cannot differ from what is deployed.
import type { State } from '../src/core/states-language.ts';
import type { StateName, Workflow } from '../src/core/workflow.ts';

interface Edge {
  readonly from: StateName;
  readonly to: StateName;
  readonly label: string;
}

export function workflowDiagram(workflow: Workflow): string {
  const names = Object.keys(workflow.States) as StateName[];
  const edges = names.flatMap((name) => edgesOf(name, workflow.States[name]));
  return [
    'stateDiagram-v2',
    '  direction TB',
    ...names.map((name) => `  state "${name}" as ${idOf(name)}`),
    `  [*] --> ${idOf(workflow.StartAt)}`,
    ...merged(edges).map(({ from, to, label }) => {
      const arrow = `  ${idOf(from)} --> ${idOf(to)}`;
      return label === '' ? arrow : `${arrow}: ${label}`;
    }),
    ...names
      .filter((name) => ['Succeed', 'Fail'].includes(workflow.States[name].Type))
      .map((name) => `  ${idOf(name)} --> [*]`),
  ].join('\n');
}

function edgesOf(from: StateName, state: State<StateName>): readonly Edge[] {
  switch (state.Type) {
    case 'Task':
      return [
        { from, to: state.Next, label: state.Resource.endsWith('.waitForTaskToken') ? 'woken' : '' },
        ...(state.Catch ?? []).map(({ ErrorEquals, Next }) => ({
          from,
          to: Next,
          label: causeOf(ErrorEquals),
        })),
      ];
    case 'Choice':
      return [
        ...state.Choices.map((rule) => ({ from, to: rule.Next, label: '' })),
        { from, to: state.Default, label: 'anything else' },
      ];
    case 'Succeed':
    case 'Fail':
      return [];
  }
}

const CAUSES: Readonly<Record<string, string>> = {
  'States.ALL': 'failed',
  'States.Timeout': 'tick',
  Interrupted: 'interrupted',
  Paused: 'paused',
  SupersededError: 'superseded',
};

function causeOf(errors: readonly string[]): string {
  return errors.map((error) => CAUSES[error] ?? error).join(' or ');
}

/** One arrow for each pair of states, with all its reasons. */
function merged(edges: readonly Edge[]): readonly Edge[] {
  const byPair = Map.groupBy(edges, ({ from, to }) => `${from} → ${to}`);
  return [...byPair.values()].flatMap((same) => {
    const [first] = same;
    const labels = [...new Set(same.map((edge) => edge.label).filter((label) => label !== ''))];
    return first === undefined ? [] : [{ ...first, label: labels.join(', ') }];
  });
}

function idOf(name: StateName): string {
  return name
    .toLowerCase()
    .replace(/[^a-z]+/g, '_')
    .replace(/_$/, '');
}
