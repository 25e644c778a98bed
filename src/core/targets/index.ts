// The table of target kinds. A new kind is one import and one row here; everything else looks it up.
import * as z from 'zod';
import type { GateResult } from '../gates.ts';
import { type AlbRuleTarget, albRule } from './alb-rule.ts';
import type { AlbRuleFacts } from './alb-rule-facts.ts';
import { type LambdaAliasFacts, type LambdaAliasTarget, lambdaAlias } from './lambda-alias.ts';
import type { LeftBy, StartRequest, TargetKind } from './target.ts';

export type Target = LambdaAliasTarget | AlbRuleTarget;
export type TargetFacts = LambdaAliasFacts | AlbRuleFacts;
export type TargetKindName = Target['kind'];

export const TARGET_KINDS = [lambdaAlias, albRule] as const;
export const TargetSchema = z.discriminatedUnion('kind', [lambdaAlias.schema, albRule.schema]);

// biome-ignore lint/suspicious/noExplicitAny: the table erases the link between a target and its facts; `kindOf` is the one door
type AnyKind = TargetKind<any, any, any>;

export function kindOf(target: Target): AnyKind {
  const kind = (TARGET_KINDS as readonly AnyKind[]).find((candidate) => candidate.kind === target.kind);
  if (kind === undefined) throw new TypeError(`unknown target kind ${target.kind}`);
  return kind;
}

export function targetId(target: Target): string {
  return kindOf(target).id(target);
}

export function targetLabel(target: Target): string {
  return kindOf(target).label(target);
}

/** See `quarantineSeconds` of the kinds. */
export function quarantineSeconds(target: Target, left: LeftBy): number {
  return kindOf(target).quarantineSeconds(target, left);
}

/** See `promises` of the kinds. */
export function targetPromises(target: Target): readonly string[] {
  return kindOf(target).promises(target);
}

export function targetGates(
  target: Target,
  facts: TargetFacts,
  request: StartRequest,
): readonly GateResult[] {
  return kindOf(target).gates(target, facts, request);
}
