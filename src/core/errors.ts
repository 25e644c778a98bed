// Every error Stepshift throws on purpose. Class names are the protocol with the workflow's Retry and Catch,
// so `name` is always set and never wrapped away. A failed canary is a verdict, not an error.
import type { ProblemCode } from './problems/index.ts';

/** One mistake in what a user wrote or asked for, or one thing in the world that forbids a rollout. */
export interface Problem {
  /** Slug for people and docs, for example `stages-must-rise`; src/core/problems has all of them. */
  readonly code: ProblemCode;
  /** What is wrong, one sentence. */
  readonly what: string;
  /** Where: `file:line:column`, or the name of a resource. */
  readonly where: string;
  readonly got: string;
  readonly allowed: string;
  /** What to do about it, imperative. */
  readonly fix: string;
}

/** When the input alone is wrong (a file, a flag, a request). Never retried, nothing written. */
export class InvalidInputError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => `${problem.code}: ${problem.what} (${problem.where})`).join('; '));
    this.name = 'InvalidInputError';
    this.problems = problems;
  }
}

/** When the input is fine and the world says no: a gate refused the start. Nothing shifted. */
export class RejectedError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => `${problem.code}: ${problem.what}`).join('; '));
    this.name = 'RejectedError';
    this.problems = problems;
  }
}

/** When something outside answered «try again» or did not answer: throttling, a 5xx, a lost connection. Retried. */
export class TransientError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TransientError';
  }
}

/** When the caller lacks the permission for what it tried. Forward: roll back. Never retried forwards. */
export class PermissionError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PermissionError';
  }
}

/** When a latched interrupt (alarm, person, guard) forbids going on. The bake's Catch names it. */
export class Interrupted extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Interrupted';
  }
}

/** When somebody's pause forbids going on for now. The workflow waits and looks again. */
export class Paused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Paused';
  }
}

/** When the fence says that this rollout may no longer write forwards. */
export class FencedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FencedError';
  }
}

/** When the live target routes to a version that is neither stable nor canary: hands off. */
export class SupersededError extends Error {
  /** What is live instead, as the target calls it; empty where it is stable that somebody else put back. */
  readonly strangers: readonly string[];
  constructor(message: string, strangers: readonly string[] = []) {
    super(message);
    this.name = 'SupersededError';
    this.strangers = strangers;
  }
}

/** When the live target is not what the last write left there (somebody else changed it). */
export class DriftError extends Error {
  /** The canary's share that was found instead, percent. */
  readonly foundPercent: number;
  constructor(message: string, foundPercent: number) {
    super(message);
    this.name = 'DriftError';
    this.foundPercent = foundPercent;
  }
}

/** When traffic cannot be taken back because nothing of stable could serve it. Tried again; people are paged. */
export class StableUnhealthyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StableUnhealthyError';
  }
}

/** When traffic is on stable and only time has to pass until no write on its way can land any more. Tried again. */
export class QuarantineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'QuarantineError';
  }
}

/** When a rollout document breaks its schema, its size cap or a transition's precondition: a defect, never retried. */
export class InvalidDocumentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidDocumentError';
  }
}

/** When the way back or the way to the end is not finished yet. Retried without limit. */
export class IncompleteError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'IncompleteError';
  }
}

/** What went wrong, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The first 1,000 characters: error texts travel in the document and must not fill it. */
export function cutMessage(message: string): string {
  return message.length <= 1000 ? message : `${message.slice(0, 999)}…`;
}
