// What the way back and the way to the end need of a rollout document, parsed leniently, and the reason that is told.
import * as z from 'zod';
import { InvalidDocumentError } from '../core/errors.ts';
import { type Failure, FailureSchema, failureMessage } from '../core/failure.ts';
import { strangerWords } from '../core/live-traffic.ts';
import type { Interrupt } from '../core/signals.ts';
import { TargetSchema, targetLabel } from '../core/targets/index.ts';
import { plainReason, type Reason, ReasonSchema } from '../core/verdict.ts';
import type { RolloutRow } from '../ports.ts';

const SideSchema = z.looseObject({ version: z.string(), ref: z.string() });

/** Lenient on purpose: whatever else is wrong with the document, target and stable are enough to be safe. */
export const LenientRolloutSchema = z.looseObject({
  rolloutId: z.string(),
  spec: z.looseObject({ service: z.string(), target: TargetSchema }),
  targetRoleArn: z.string().nullable().catch(null),
  stable: SideSchema,
  canary: SideSchema,
  handle: z.record(z.string(), z.string()).catch({}),
  epoch: z.number().catch(0),
  writes: z.number().catch(0),
  reason: ReasonSchema.nullable().catch(null),
  failure: FailureSchema.optional().catch(undefined),
});
export type LenientRollout = z.infer<typeof LenientRolloutSchema>;

/**
 * The document that the row keeps, as it was prepared: any release that wrote it is good enough. null before that.
 * Throws InvalidDocumentError when not even target and versions can be read.
 */
export function storedRollout({ rolloutId, rollout }: RolloutRow): LenientRollout | null {
  if (rollout === null) return null;
  const parsed = LenientRolloutSchema.safeParse(rollout);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole document').join(', ');
  throw new InvalidDocumentError(`the stored document of ${rolloutId} cannot be read: ${places}`);
}

/** The latched wish to stop first, then the verdict's reason, then what failed. */
export function reasonOf(rollout: LenientRollout, interrupt: Interrupt | null): Reason {
  if (interrupt !== null) return interrupt.reason;
  if (rollout.failure !== undefined) return plainReason(failureSentence(rollout.failure));
  return rollout.reason ?? plainReason('The workflow asked for the way back without a reason.');
}

/** A third version is what counts; why the way back was taken is told too, unless it was that very version. */
export function supersededReason(
  rollout: LenientRollout,
  strangers: readonly string[],
  reason: Reason,
): Reason {
  const { stable, canary, failure } = rollout;
  const label = targetLabel(rollout.spec.target);
  const third = strangers.length === 0 ? 'a third version' : strangerWords(strangers);
  const sentence = `Somebody moved ${label} to ${third}, which is neither version ${stable.version} nor ${canary.version}; it was left as it is.`;
  return failure?.Error === 'SupersededError'
    ? plainReason(sentence)
    : { ...reason, sentence: `${sentence} ${reason.sentence}`.slice(0, 600) };
}

function failureSentence(failure: Failure): string {
  return failure.Error === 'Interrupted'
    ? failureMessage(failure)
    : `The rollout could not go on (${failure.Error}): ${failureMessage(failure)}.`;
}
