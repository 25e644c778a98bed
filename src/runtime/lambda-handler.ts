// Turns a step into a Lambda handler: runs it and writes one JSON line about the run, never the raw event.
import { Logger } from '@aws-lambda-powertools/logger';
import { withoutSecrets } from '../core/secrets.ts';
import type { Ports } from '../ports.ts';
import type { Step } from '../steps/step.ts';
import { runStep } from './run-step.ts';
import { systemClock } from './system-clock.ts';

/** The part of a logger that a run needs. */
export type RunLog = Pick<Logger, 'info' | 'error'>;

/** What one line says of the rollout it was about; null where the input did not tell. */
interface RolloutFields {
  readonly rolloutId: string | null;
  readonly stage: number | null;
  readonly weightPercent: number | null;
}

export function lambdaHandler<Input, Output, P extends keyof Ports>(
  step: Step<Input, Output, P>,
  ports: Pick<Ports, P>,
  log: RunLog = new Logger(),
): (event: unknown) => Promise<Output> {
  const clock = systemClock();
  return async (event) => {
    const startedAtMs = clock.now();
    try {
      const output = await runStep(step, ports, event);
      log.info('step done', lineOf(step.name, output, event, clock.now() - startedAtMs));
      return output;
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      const line = lineOf(step.name, undefined, event, clock.now() - startedAtMs);
      log.error('step failed', { ...line, errorName: name, errorMessage: withoutSecrets(message) });
      throw error;
    }
  };
}

/** The output knows better where the rollout stands now; the input always knows which one it is. */
function lineOf(step: string, output: unknown, event: unknown, durationMs: number) {
  const after = rolloutFields(output);
  const before = rolloutFields(event);
  return {
    step,
    rolloutId: after.rolloutId ?? before.rolloutId,
    stage: after.stage ?? before.stage,
    weightPercent: after.weightPercent ?? before.weightPercent,
    next: text(property(output, 'next')),
    verdict: text(property(property(output, 'verdict'), 'kind')),
    durationMs,
  };
}

/** A document is the input itself, or inside `rollout` (Bake) or `detail` (events); the first state knows its execution. */
function rolloutFields(value: unknown): RolloutFields {
  const document = property(value, 'rollout') ?? property(value, 'detail') ?? value;
  const execution = text(property(document, 'execution')) ?? text(property(document, 'executionArn'));
  const stage = property(document, 'stage');
  return {
    rolloutId: text(property(document, 'rolloutId')) ?? execution?.split(':').at(-1) ?? null,
    stage: number(property(stage, 'index')),
    weightPercent: number(property(stage, 'weightPercent')),
  };
}

function property(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? withoutSecrets(value).slice(0, 100) : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
