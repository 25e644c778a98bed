// Planted bugs of judging and going on: what is unknown taken for good, stages left out, answers of a step forgotten.
import type { AlarmReading } from '../../../src/core/judge/types.ts';
import type { Rollout } from '../../../src/core/rollout.ts';
import type { Workflow } from '../../../src/core/workflow.ts';
import type { Ports } from '../../../src/ports.ts';
import { changed, type PlantedBug, type Run } from './planted-bug.ts';

export const JUDGING: readonly PlantedBug[] = [
  {
    name: 'unknown-alarm-is-quiet',
    says: 'an alarm in INSUFFICIENT_DATA is taken for OK',
    breaks: ['S8'],
    wants: { faults: ['alarm-unknown'] },
    ports: (ports, { step }) => (step === 'judge-canary' ? takingUnknownForOk(ports) : ports),
  },
  {
    name: 'partial-metrics-are-whole',
    says: 'an answer of the metrics that is not whole is judged as if it were',
    breaks: ['S8'],
    wants: { faults: ['metric-partial', 'metric-forbidden'] },
    ports: (ports, { step }) => (step === 'judge-canary' ? takingPartForWhole(ports) : ports),
  },
  {
    name: 'stage-left-out',
    says: 'a shift goes two stages further where there are two',
    breaks: ['S4'],
    steps: (steps) =>
      changed(steps, 'shift-traffic', (input, ports, real) => {
        const { stage, spec } = input as Rollout;
        const index = Math.min(stage.index + 1, spec.stages.length - 2);
        return real(
          { ...(input as Rollout), stage: { ...stage, index: Math.max(stage.index, index) } },
          ports,
        );
      }),
  },
  {
    name: 'step-returns-null',
    says: 'a judgement that holds answers null instead of the document',
    breaks: ['D'],
    steps: (steps) => changed(steps, 'judge-canary', nullAtHold),
  },
  {
    name: 'choice-without-presence-check',
    says: '«What next?» does not ask whether there is an answer, and some judgements give none',
    breaks: ['D'],
    // without the bug such an answer leads to «Roll back»
    ground: { steps: (steps) => changed(steps, 'judge-canary', noNextAtHold) },
    workflow: withoutPresenceCheck,
  },
];

const nullAtHold: Run = async (input, ports, real) => {
  const judged = (await real(input, ports)) as Rollout;
  return judged.verdict?.kind === 'hold' ? null : judged;
};

const noNextAtHold: Run = async (input, ports, real) => {
  const { next, ...judged } = (await real(input, ports)) as Rollout;
  return judged.verdict?.kind === 'hold' ? judged : { ...judged, next };
};

function withoutPresenceCheck(definition: Workflow): Workflow {
  const choice = definition.States['What next?'];
  if (choice.Type !== 'Choice') throw new TypeError('«What next?» is no choice any more');
  const Choices = choice.Choices.filter((rule) => !('IsPresent' in rule));
  return { ...definition, States: { ...definition.States, 'What next?': { ...choice, Choices } } };
}

/** The record keeps what was read. */
function takingUnknownForOk(ports: Ports): Ports {
  let read: readonly AlarmReading[] = [];
  return {
    ...ports,
    alarms: {
      read: async (names) => {
        read = await ports.alarms.read(names);
        return read.map((alarm) =>
          alarm.state === 'INSUFFICIENT_DATA' ? { ...alarm, state: 'OK' as const } : alarm,
        );
      },
    },
    store: {
      ...ports.store,
      recordFact: (rolloutId, fact) =>
        ports.store.recordFact(rolloutId, fact.kind === 'judged' ? { ...fact, alarms: read } : fact),
    },
  };
}

function takingPartForWhole(ports: Ports): Ports {
  let metricsProblem: string | null = null;
  return {
    ...ports,
    metrics: {
      read: async (query) => {
        const answer = await ports.metrics.read(query);
        metricsProblem = answer.problem;
        return { ...answer, problem: null };
      },
    },
    store: {
      ...ports.store,
      recordFact: (rolloutId, fact) =>
        ports.store.recordFact(rolloutId, fact.kind === 'judged' ? { ...fact, metricsProblem } : fact),
    },
  };
}
