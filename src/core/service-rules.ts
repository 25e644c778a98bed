// What a service file must fulfil beyond the shape of each key: weights that rise, one target, limits that fit together.
import type * as z from 'zod';
import type { IssueParams } from './issue-words.ts';
import { PRESETS } from './presets.ts';
import { TARGET_KINDS } from './targets/index.ts';

export type Payload<T> = z.core.ParsePayload<T>;

export function refuse(
  payload: Payload<unknown>,
  path: PropertyKey[],
  message: string,
  params: IssueParams,
): void {
  payload.issues.push({ code: 'custom', path, message, params: { ...params }, input: payload.value });
}

/** Checks also run beside values that were refused; those are no numbers. */
function isRead(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function checkStagesRise(payload: Payload<{ weight: number; bake: number }[]>): void {
  for (const [index, stage] of payload.value.entries()) {
    const before = payload.value[index - 1];
    if (!isRead(before?.weight) || !isRead(stage.weight) || stage.weight > before.weight) continue;
    refuse(
      payload,
      [index, 'weight'],
      `stages must rise, but ${before.weight}% is followed by ${stage.weight}%`,
      {
        code: 'stages-must-rise',
        allowed: `more than ${before.weight}%`,
        fix: `Reorder the list, or remove the stage of ${stage.weight}%`,
      },
    );
  }
}

export function checkAlarmNames(payload: Payload<string[]>): void {
  for (const [index, name] of payload.value.entries()) {
    if (name.startsWith('arn:')) {
      refuse(payload, [index], 'an alarm is named, not given as an ARN', {
        code: 'wrong-format',
        allowed: 'the name of an alarm in this account and Region',
        fix: `Write ${name.split(':alarm:')[1] ?? 'the name alone'}`,
      });
    } else if (payload.value.indexOf(name) < index) {
      refuse(payload, [index], `the alarm ${name} is named twice`, {
        code: 'duplicate-alarm',
        allowed: 'each alarm once',
        fix: 'Remove one of the two',
      });
    }
  }
}

export function checkFloorBelowLimit(payload: Payload<{ floor: number; limit: number }>): void {
  const { floor, limit } = payload.value;
  if (!isRead(floor) || !isRead(limit) || floor < limit) return;
  refuse(payload, ['floor'], `the floor of ${floor}% is not below the limit of ${limit}%`, {
    code: 'floor-above-limit',
    allowed: `less than ${limit}%`,
    fix: 'Lower checks.errors.floor or raise checks.errors.limit',
  });
}

export function checkOneTarget(payload: Payload<Record<string, unknown>>): void {
  const written = Object.keys(payload.value).filter((key) => payload.value[key] !== undefined);
  if (written.length === 1) return;
  const keys = TARGET_KINDS.map((kind) => kind.key).join(', ');
  refuse(payload, [], `a target has exactly one kind, but this one has ${written.length}`, {
    code: 'not-one-target',
    allowed: `one of ${keys}`,
    fix: written.length === 0 ? `Add one of ${keys}` : 'Keep one; every target is a service of its own',
  });
}

/** A weight finer than the target can route would be rounded silently by its API, or refused in mid-rollout. */
export function checkWeightStep(
  payload: Payload<{ target: Record<string, unknown>; stages: string | { weight: number }[] }>,
): void {
  const { target, stages } = payload.value;
  const kind = TARGET_KINDS.find(({ key }) => target[key] !== undefined);
  if (kind === undefined) return;
  const step = kind.weightStepPercent;
  const weights =
    typeof stages === 'string'
      ? (PRESETS[stages] ?? []).map((stage) => stage.weightPercent)
      : stages.map((stage) => stage.weight);
  for (const [index, weight] of weights.entries()) {
    if (!isRead(weight) || isMultiple(weight, step)) continue;
    const path = typeof stages === 'string' ? ['stages'] : ['stages', index, 'weight'];
    refuse(payload, path, `${kind.key} cannot route ${weight}%: its weights are multiples of ${step}%`, {
      code: 'weight-too-fine',
      allowed: `multiples of ${step}%`,
      fix: `Write ${Math.max(step, Math.round(weight / step) * step)}%`,
    });
  }
}

/** Exact up to the rounding of decimal fractions: 0.3 is a multiple of 0.1. */
function isMultiple(value: number, step: number): boolean {
  const steps = value / step;
  return Math.abs(steps - Math.round(steps)) < 1e-9;
}
