// Whether a rollout may still run when CodePipeline has stopped waiting for it, said at synth and not on the day.
import { Duration } from 'aws-cdk-lib';
import { planRollout } from '../src/core/plan.ts';
import type { ServiceSpec } from '../src/core/service-spec.ts';
import { formatDuration } from '../src/core/units.ts';

/**
 * How long CodePipeline waits for a Step Functions action. Source: CodePipeline user guide, «Quotas», older copies: «Step
 * Functions invoke action: 7 days». Newer copies do not list it and say «all other actions: 1 hour» in the table of what
 * can be raised, with a second table for the rest. Not measured on an account yet.
 */
export const ROLLOUT_ACTION_TIMEOUT = Duration.days(7);

/**
 * A sentence for people, null when no run of this plan that still works takes that long. Waiting for people counts, up
 * to 24 hours each time, and so do a day of pauses and retries. Throws InvalidInputError for a plan that no engine runs.
 */
export function outlivesAction(spec: ServiceSpec, timeout: Duration): string | null {
  const { deadlineSeconds, expected, askSeconds } = planRollout(spec);
  if (deadlineSeconds <= timeout.toSeconds()) return null;
  const asked =
    askSeconds === 0 ? '' : `, questions that people answer after up to ${formatDuration(askSeconds)}`;
  return [
    `A rollout of ${spec.service} may take ${about(deadlineSeconds)} with every hold${asked} and pauses`,
    `(${formatDuration(expected.seconds)} when all goes well), and CodePipeline waits ${formatDuration(timeout.toSeconds())} for it.`,
    'After that the action fails while the rollout goes on and may still be promoted.',
    'Shorten the bakes or maxHold, use fewer stages or onInconclusive: rollback; or start it by event and let the pipeline end.',
  ].join(' ');
}

const SECONDS_PER_HOUR = 3600;

function about(seconds: number): string {
  return `about ${formatDuration(Math.ceil(seconds / SECONDS_PER_HOUR) * SECONDS_PER_HOUR)}`;
}
