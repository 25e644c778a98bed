// Reads the line protocol message by message and refuses whatever no honest sender says: shapes, sums, order and time.
import type * as z from 'zod';
import { type Fault, faultsError, refuse, schemaError } from './faults.ts';
import {
  EndMessageSchema,
  type Message,
  MessageSchema,
  type PeriodMessage,
  PeriodMessageSchema,
  type StartMessage,
  StartMessageSchema,
} from './line-protocol.ts';
import { edgeFaults, rowFaults } from './row-rules.ts';

/** The rollout that messages speak of. */
interface Course {
  readonly id: string;
  readonly periodSec: number;
  readonly edges: number;
  readonly stages: number;
  /** Earliest start of the next period, seconds. */
  nextT: number;
  hasEnded: boolean;
}

/** Takes the JSON of one line; `where` names it: `stdin:12`. Throws InvalidInputError with every problem of the line. */
export type ReadMessage = (value: unknown, where: string) => Message;

/** A reader remembers where in the protocol it is: one reader a stream. */
export function messageReader(): ReadMessage {
  let course: Course | null = null;
  return (value, where) => {
    const message = parseMessage(value, where);
    if (message.type === 'start') {
      refuse(startFaults(message), where);
      course = courseOf(message);
      return message;
    }
    const current = currentCourse(course, message, where);
    if (message.type === 'end') {
      current.hasEnded = true;
      return message;
    }
    refuse(periodFaults(message, current), where);
    current.nextT = message.t + current.periodSec;
    return message;
  };
}

function courseOf({ id, periodSec, latencyEdgesMs, plan }: StartMessage): Course {
  return { id, periodSec, edges: latencyEdgesMs.length, stages: plan.length, nextT: 0, hasEnded: false };
}

const SCHEMAS: ReadonlyMap<unknown, z.ZodType> = new Map<unknown, z.ZodType>([
  ['start', StartMessageSchema],
  ['period', PeriodMessageSchema],
  ['end', EndMessageSchema],
]);

function parseMessage(value: unknown, where: string): Message {
  const result = MessageSchema.safeParse(value);
  if (result.success) return result.data;
  const { type } = (value ?? {}) as { readonly type?: unknown };
  // the schema of the one type knows best which keys were allowed
  throw schemaError(SCHEMAS.get(type) ?? MessageSchema, value, where);
}

function currentCourse(
  course: Course | null,
  { type, id }: Exclude<Message, StartMessage>,
  where: string,
): Course {
  if (course === null) {
    throw faultsError([orderFault(`there was no start before this ${type}`, id, 'a start message')], where);
  }
  if (course.id !== id) {
    throw faultsError(
      [
        {
          code: 'wrong-id',
          what: `this ${type} is of another rollout than the last start`,
          path: 'id',
          got: id,
          allowed: course.id,
          fix: 'Send one rollout after the other, each with its own start',
        },
      ],
      where,
    );
  }
  if (course.hasEnded) {
    throw faultsError([orderFault(`the rollout has ended before this ${type}`, id, 'a new start')], where);
  }
  return course;
}

function orderFault(what: string, got: string, allowed: string): Fault {
  return {
    code: 'out-of-order',
    what,
    path: 'type',
    got,
    allowed,
    fix: 'Send start, then the periods in order, then end',
  };
}

function startFaults({ latencyEdgesMs, history, periodSec }: StartMessage): readonly Fault[] {
  let nextT = Number.NEGATIVE_INFINITY;
  return [
    ...edgeFaults(latencyEdgesMs),
    ...history.flatMap(({ t, stable }, index) => {
      const faults = [
        ...timeFaults(t, nextT, periodSec, `history[${index}].t`),
        ...(t < 0 ? [] : [timeFault(t, 'less than 0: before the rollout', `history[${index}].t`)]),
        ...rowFaults(stable, `history[${index}].stable`, latencyEdgesMs.length),
      ];
      nextT = t + periodSec;
      return faults;
    }),
  ];
}

function periodFaults({ t, step, stable, canary }: PeriodMessage, course: Course): readonly Fault[] {
  return [
    ...timeFaults(t, course.nextT, course.periodSec, 't'),
    ...(step < course.stages ? [] : [stepFault(step, course.stages)]),
    ...rowFaults(stable, 'stable', course.edges),
    ...rowFaults(canary, 'canary', course.edges),
  ];
}

function timeFaults(t: number, nextT: number, periodSec: number, path: string): readonly Fault[] {
  if (!Number.isInteger(t / periodSec)) return [timeFault(t, `a multiple of ${periodSec} s`, path)];
  return t < nextT ? [timeFault(t, `at least ${nextT}: periods come in order and never overlap`, path)] : [];
}

function timeFault(t: number, allowed: string, path: string): Fault {
  return {
    code: 'wrong-time',
    what: `no period can start at ${t} s here`,
    path,
    got: String(t),
    allowed,
    fix: 'Send each period once, oldest first, by the second at which it starts',
  };
}

function stepFault(step: number, stages: number): Fault {
  return {
    code: 'step-beyond-plan',
    what: `the plan has no stage ${step}`,
    path: 'step',
    got: String(step),
    allowed: `0 to ${stages - 1}`,
    fix: 'Name the stage by its index in the plan of the start',
  };
}
