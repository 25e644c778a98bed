// The engine's steps, with a count of what they call: how often each runs, and what it asks of its ports.
import type { Ports } from '../../src/ports.ts';
import type { AnyStep, StepTable } from '../../src/sim/run-workflow.ts';
import { STEPS } from '../../src/steps/index.ts';

export interface PortCall {
  /** Who called. */
  readonly step: string;
  readonly port: string;
  readonly method: string;
  /** As they were at the call. */
  readonly args: readonly unknown[];
}

export interface CountedSteps {
  readonly steps: StepTable;
  /** By the name of the step. */
  readonly runs: Readonly<Record<string, number>>;
  /** Calls of these ports, in their order. */
  readonly calls: readonly PortCall[];
}

export function countedSteps(watched: readonly (keyof Ports)[]): CountedSteps {
  const runs: Record<string, number> = {};
  const calls: PortCall[] = [];
  const counted = (step: AnyStep): AnyStep => ({
    ...step,
    run: (input, ports) => {
      runs[step.name] = (runs[step.name] ?? 0) + 1;
      const seen = watched.flatMap((port) =>
        ports[port] === undefined ? [] : [[port, recorded(ports[port], step.name, port, calls)]],
      );
      return step.run(input, { ...ports, ...Object.fromEntries(seen) });
    },
  });
  const steps = Object.fromEntries(
    Object.entries(STEPS).map(([name, step]) => [name, counted(step as AnyStep)]),
  );
  return { steps: steps as unknown as StepTable, runs, calls };
}

function recorded(target: object, step: string, port: string, calls: PortCall[]): object {
  return new Proxy(target, {
    get: (real, method) => {
      const member: unknown = Reflect.get(real, method);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]) => {
        calls.push({ step, port, method: String(method), args: structuredClone(args) });
        return member.apply(real, args);
      };
    },
  });
}
