// What a person wants stopped: read off the command line and, where one is named, the service file.
import { resolve } from 'node:path';
import * as z from 'zod';
import { InvalidInputError, type Problem } from '../../core/errors.ts';
import { checkOneTarget } from '../../core/service-rules.ts';
import { type AlbRuleTarget, albRule } from '../../core/targets/alb-rule.ts';
import type { SlotName } from '../../core/targets/alb-rule-facts.ts';
import { RULE_ARN_PATTERN } from '../../core/targets/alb-rule-names.ts';
import { lambdaAlias } from '../../core/targets/lambda-alias.ts';
import { readTextFile } from '../read-text-file.ts';
import { parseYamlDocument } from '../yaml-source.ts';

/** An alias whose weights are to be cleared. */
export interface AliasWish {
  readonly kind: 'alias';
  readonly functionName: string;
  readonly alias: string;
}

/** One rule, named by its ARN. */
export interface RuleWish {
  readonly kind: 'rule';
  readonly ruleArn: string;
  /** The person answers for it that this is the rule of a rollout. */
  readonly isConfirmed: boolean;
}

/** The rules that rollouts made for this target. */
export interface OwnRulesWish {
  readonly kind: 'own-rules';
  readonly target: AlbRuleTarget;
  readonly isConfirmed: boolean;
}

/** A base rule whose own weights a rollout moves. */
export interface InPlaceWish {
  readonly kind: 'in-place';
  readonly target: AlbRuleTarget;
  readonly stable: SlotName | null;
}

export type StopWish = AliasWish | RuleWish | OwnRulesWish | InPlaceWish;

type Options = Readonly<Record<string, unknown>>;

/** Only what a stop needs: a mistake elsewhere in the file must not be in its way. */
const TargetOnlySchema = z.looseObject({
  target: z
    .strictObject({
      lambdaAlias: lambdaAlias.writtenSchema.optional(),
      alb: albRule.writtenSchema.optional(),
    })
    .check(checkOneTarget),
});

/** Throws InvalidInputError. */
export async function readWish(file: string | undefined, options: Options, cwd: string): Promise<StopWish> {
  const wish = await wishOf(file, options, cwd);
  if (options['stable'] === undefined || wish.kind === 'in-place') return wish;
  throw refusal({
    code: 'wrong-usage',
    what: '--stable is for a load balancer in the mode in-place: anywhere else the target itself says which version is stable',
    got: `--stable ${options['stable']}`,
    allowed: 'no --stable for this target',
    fix: 'Leave --stable out; --dry-run shows what would be called',
  });
}

async function wishOf(file: string | undefined, options: Options, cwd: string): Promise<StopWish> {
  const { rule, function: functionName, alias } = options;
  assertOneTarget(file, options);
  if (functionName !== undefined) {
    return aliasWish({ function: String(functionName), alias: String(alias) }, 'command line');
  }
  const target = file === undefined ? null : await readTarget(file, cwd);
  if (rule !== undefined) return ruleWish(String(rule), target, options['yes'] === true);
  return fileWish(target ?? {}, file ?? '', options);
}

function assertOneTarget(file: string | undefined, options: Options): void {
  const isGiven = (name: string): boolean => options[name] !== undefined;
  const isAliasWhole = isGiven('function') === isGiven('alias');
  const isByFileOrRule = file !== undefined || isGiven('rule');
  if (isAliasWhole && isByFileOrRule !== isGiven('function')) return;
  const flags = ['function', 'alias', 'rule'].filter(isGiven).map((name) => `--${name}`);
  throw refusal({
    code: 'what-to-stop',
    what: isAliasWhole
      ? 'exactly one target must be named'
      : '--function and --alias are only understood together',
    got: [...(file === undefined ? [] : [file]), ...flags].join(' ') || 'none',
    allowed: 'SERVICE.yaml, or --function NAME --alias NAME, or --rule ARN',
    fix: 'Write for example: stepshift emergency-stop --function checkout-api --alias live',
  });
}

function aliasWish(written: { readonly function: string; readonly alias: string }, where: string): AliasWish {
  const parsed = lambdaAlias.writtenSchema.safeParse({ ...written, interface: 'event' });
  if (parsed.success) return { kind: 'alias', functionName: parsed.data.function, alias: parsed.data.alias };
  throw refusal({
    code: 'wrong-name',
    what: `no alias can be named ${written.function}:${written.alias}`,
    where,
    got: `${written.function}:${written.alias}`,
    allowed: 'the name of a function (not an ARN) and the name of its alias',
    fix: 'Copy both from the service file: target.lambdaAlias',
  });
}

type WrittenTarget = z.output<typeof TargetOnlySchema>['target'];

async function readTarget(file: string, cwd: string): Promise<WrittenTarget> {
  const text = await readTextFile(resolve(cwd, file), file);
  return parseYamlDocument(TargetOnlySchema, text, file).target;
}

function ruleWish(ruleArn: string, target: WrittenTarget | null, isConfirmed: boolean): RuleWish {
  if (!RULE_ARN_PATTERN.test(ruleArn)) {
    throw refusal({
      code: 'wrong-name',
      what: 'this is no ARN of a listener rule of an Application Load Balancer',
      got: ruleArn,
      allowed: 'arn:aws:elasticloadbalancing:REGION:ACCOUNT:listener-rule/app/NAME/LB/LISTENER/RULE',
      fix: 'Copy it from the console: the rule tagged stepshift:rollout, right before the rule of the service',
    });
  }
  if (target?.alb?.listenerRule === ruleArn) throw baseRuleRefusal(ruleArn);
  return { kind: 'rule', ruleArn, isConfirmed };
}

/** The rule that serves when no rollout runs: without it nobody would. */
export function baseRuleRefusal(ruleArn: string): InvalidInputError {
  return refusal({
    code: 'base-rule',
    what: 'this is the rule of the service itself: deleting it would take the service down',
    got: ruleArn,
    allowed: 'the rule that a rollout made, tagged stepshift:rollout',
    fix: 'Name the service file alone and the rule is found by its tag: stepshift emergency-stop SERVICE.yaml',
  });
}

function fileWish({ lambdaAlias: alias, alb }: WrittenTarget, file: string, options: Options): StopWish {
  if (alias !== undefined) return aliasWish(alias, file);
  // the schema lets exactly one kind of target through
  if (alb === undefined) throw new TypeError(`${file} names a target that an emergency stop does not know`);
  const target = albRule.schema.parse(albRule.fromWritten(alb));
  return target.mode === 'in-place'
    ? { kind: 'in-place', target, stable: slotOption(options['stable']) }
    : { kind: 'own-rules', target, isConfirmed: options['yes'] === true };
}

function slotOption(given: unknown): SlotName | null {
  return given === 'blue' || given === 'green' ? given : null;
}

function refusal(problem: Omit<Problem, 'where'> & { readonly where?: string }): InvalidInputError {
  return new InvalidInputError([{ where: 'command line', ...problem }]);
}
