// What people do in a simulated rollout, at their minute: through our own tool, or behind its back.
import { InvalidInputError } from '../core/errors.ts';
import type { Ports } from '../ports.ts';
import { runStep } from '../runtime/run-step.ts';
import type { StepTable } from './run-workflow.ts';
import type { Scenario } from './scenario.ts';
import { instantsOf } from './scenario-truth.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { World } from './world.ts';

type Person = Scenario['people'][number];

interface Stage {
  readonly scenario: Scenario;
  readonly world: World;
  readonly ports: Ports;
  readonly steps: StepTable;
  readonly rolloutId: string;
  readonly executionArn: string;
  readonly time: VirtualTime;
}

export function schedulePeople(stage: Stage): void {
  const { at } = instantsOf(stage.scenario);
  for (const person of stage.scenario.people) {
    stage.time.at(at(person.at), () => {
      act(person, stage);
    });
  }
}

function act(person: Person, { world, ports, steps, rolloutId, executionArn, time }: Stage): void {
  switch (person.does) {
    case 'abort':
    case 'pause':
    case 'resume':
    case 'approve':
    case 'promote': {
      const { does, who, message } = person;
      const signal = { rolloutId, signal: does, actor: who, message };
      const insist = (): void => {
        runStep(steps['signal-rollout'], ports, signal).catch((error: unknown) => {
          // a person whose signal fails presses the button again, unless it was refused
          if (!(error instanceof InvalidInputError)) time.at(time.now() + 5000, insist);
        });
      };
      insist();
      return;
    }
    case 'set-weight':
      world.target.setWeight(person.weight);
      return;
    case 'hotfix':
      world.target.hotfix(person.version);
      return;
    case 'stop-execution':
      void world.executions.stop(executionArn, `stopped by ${person.who}`);
      return;
  }
}
