// What a step is: one task of the workflow or one event handler, with the ports it may use. The runtime hands it exactly
// those ports, the CDK app derives its grants from the same list, and the compiler refuses a step that uses more.
import type * as z from 'zod';
import type { StateName } from '../core/workflow.ts';
import type { Ports } from '../ports.ts';

/** What makes a step run. */
export type Trigger =
  | { readonly kind: 'state'; readonly states: readonly StateName[] }
  /** Every CloudWatch alarm of the account that changes to ALARM. */
  | { readonly kind: 'alarm-event' }
  /** An execution of our workflow that ended in any way. */
  | { readonly kind: 'execution-event' }
  | { readonly kind: 'schedule'; readonly everyMinutes: number }
  /** Our own events, back from the event bus. */
  | { readonly kind: 'rollout-event' }
  /** Called by a person's tool. */
  | { readonly kind: 'signal' }
  | { readonly kind: 'custom-resource' };

export interface Step<Input, Output, P extends keyof Ports> {
  /** The stem: file, Lambda, state and test are named after it. */
  readonly name: string;
  /** One sentence, shown as the Lambda's description. */
  readonly does: string;
  readonly trigger: Trigger;
  readonly uses: readonly P[];
  readonly input: z.ZodType<Input>;
  /** For the ways back: refusing what is too long would leave traffic, or a lease, where it is. */
  readonly takesAnySize?: true;
  readonly run: (input: Input, ports: Pick<Ports, P>) => Promise<Output>;
}

/** Infers what a step takes and gives from its definition. */
export function defineStep<Input, Output, const P extends keyof Ports>(
  step: Step<Input, Output, P>,
): Step<Input, Output, P> {
  return step;
}
