// `stepshift emergency-stop`: takes traffic off a new version from a laptop, with the right to one call of the target's API.
import { Option } from 'commander';
import { isNamed } from '../../aws/errors.ts';
import { IncompleteError, messageOf, RejectedError, TransientError } from '../../core/errors.ts';
import { plainText } from '../../core/plain-text.ts';
import type { ProblemCode } from '../../core/problems/index.ts';
import { formatPercent } from '../../core/units.ts';
import { type CliCommand, type CommandContext, type CommandResult, EXIT } from '../command.ts';
import { planAliasStop } from '../emergency/alias.ts';
import { byHand } from '../emergency/by-hand.ts';
import { planInPlaceStop } from '../emergency/in-place.ts';
import { planOwnRulesStop, planRuleStop } from '../emergency/rules.ts';
import {
  attempt,
  type EmergencyStop,
  type EmergencyWays,
  type Reading,
  type Shares,
} from '../emergency/stop.ts';
import { readWish, type StopWish } from '../emergency/wish.ts';
import { isRegionMissing, MissingRegionError } from '../failures.ts';

/** Loads the SDK's clients only now, as the engine's are. */
async function realWays(): Promise<EmergencyWays> {
  const { aliasEmergency, listenerEmergency, readCaller } = await import('../../aws/emergency-stop.ts');
  return { alias: aliasEmergency(), listener: listenerEmergency, readCaller, now: () => Date.now() };
}

const NOTES = [
  'Needs no engine, no table and no event bus, and of AWS only the call that it makes:',
  '  a Lambda alias            lambda:UpdateAlias',
  '  a rule by its ARN         elasticloadbalancing:DeleteRule (with --yes)',
  '  a load balancer’s file    also DescribeRules and DescribeTags, to find the',
  '                            rule of the rollout',
  '  the mode in-place         DescribeRules and ModifyRule (ModifyListener for a',
  '                            default rule)',
];

const EXAMPLES = [
  'emergency-stop services/checkout.yaml --dry-run',
  'emergency-stop services/checkout.yaml',
  'emergency-stop --function checkout-api --alias live',
  'emergency-stop --rule RULE_ARN --yes',
  'emergency-stop services/shop.yaml --stable blue',
];

export const emergencyStopCommand = emergencyStopCommandOn(realWays);

export function emergencyStopCommandOn(openWays: () => Promise<EmergencyWays>): CliCommand {
  return {
    verb: 'emergency-stop',
    summary: 'Take traffic off a new version without the engine',
    notes: NOTES,
    examples: EXAMPLES,
    exitCodes: {
      promotedOrClean: 'all traffic is on the stable version, or the calls were only shown',
      rejected: 'AWS knows no such target, or does not show that the rule is a rollout’s',
      rollbackIncomplete: 'AWS did not answer; run it again, and look at the target itself',
      noPermission: 'no valid credentials, no Region, or not the right to make this call',
    },
    configure: (command) => {
      command
        .argument('[file]', 'service file that names the target')
        .option('--function <name>', 'name of the Lambda function, with --alias')
        .option('--alias <name>', 'name of its alias')
        .option('--rule <arn>', 'ARN of the listener rule that a rollout made')
        .addOption(
          new Option('--stable <slot>', 'in the mode in-place: the slot that is to take all traffic').choices(
            ['blue', 'green'],
          ),
        )
        .option('--yes', 'delete the named rule although nothing shows that a rollout made it')
        .option('--dry-run', 'show the calls and make none that writes');
    },
    run: async ([file], options, context) => {
      const wish = await readWish(file, options, context.cwd);
      context.remark('The same by hand:');
      for (const line of byHand(wish)) context.remark(`  ${plainText(line)}`);
      const isDryRun = options['dryRun'] === true;
      return explained(async () => stop(wish, await openWays(), context, isDryRun));
    },
  };
}

async function stop(
  wish: StopWish,
  ways: EmergencyWays,
  context: CommandContext,
  isDryRun: boolean,
): Promise<CommandResult> {
  const caller = await callerOf(ways, context);
  const planned = await planStop(wish, ways, caller);
  if (isDryRun || planned.calls.length === 0) return resultOf(planned, caller, isDryRun, null);
  return resultOf(planned, caller, isDryRun, await planned.run());
}

function planStop(wish: StopWish, ways: EmergencyWays, caller: string): Promise<EmergencyStop> {
  switch (wish.kind) {
    case 'alias':
      return planAliasStop(wish, ways, caller);
    case 'rule':
      return planRuleStop(wish, ways);
    case 'own-rules':
      return planOwnRulesStop(wish, ways);
    case 'in-place':
      return planInPlaceStop(wish, ways);
  }
}

/** A stop does not wait for a name: where AWS does not tell it, the name on this machine has to do. */
async function callerOf({ readCaller }: EmergencyWays, { env }: CommandContext): Promise<string> {
  const known = await attempt(readCaller);
  return known.value ?? env['USER'] ?? env['USERNAME'] ?? 'unknown';
}

function resultOf(
  { target, calls, before, sentence, afterwards }: EmergencyStop,
  by: string,
  isDryRun: boolean,
  after: Reading<Shares> | null,
): CommandResult {
  const isPlannedOnly = isDryRun && calls.length > 0;
  const said = isPlannedOnly ? 'Nothing was changed. It would call:' : sentence;
  return {
    code: EXIT.promotedOrClean,
    data: {
      target,
      dryRun: isDryRun,
      by,
      calls: calls.map((call) => ({ ...call, made: after !== null })),
      before: before.value,
      after: after?.value ?? null,
      sentence: said,
      afterwards: isPlannedOnly ? [] : afterwards,
    },
    text: [
      plainText(`${target}: ${said}`),
      ...(isPlannedOnly ? calls.map(({ call, on, aws }) => `  ${call} ${on}\n    ${plainText(aws)}`) : []),
      `  before  ${sharesText(before)}`,
      ...(after === null ? [] : [`  after   ${sharesText(after)}`]),
      ...(isPlannedOnly ? [] : afterwards.map((line) => plainText(line))),
    ].join('\n'),
  };
}

function sharesText(reading: Reading<Shares>): string {
  if (reading.value === null) return `not known (${plainText(reading.why)})`;
  return Object.entries(reading.value)
    .map(([name, percent]) => `${plainText(name)} ${formatPercent(percent)}`)
    .join(', ');
}

const UNKNOWN_TARGET = ['ResourceNotFoundException', 'ListenerNotFoundException', 'RuleNotFoundException'];

/** Says what AWS's refusals mean here; a call that was not allowed names itself. */
async function explained(work: () => Promise<CommandResult>): Promise<CommandResult> {
  try {
    return await work();
  } catch (error) {
    if (isRegionMissing(error)) throw new MissingRegionError('no AWS Region is known', error);
    if (error instanceof TransientError) throw new IncompleteError(error.message, error);
    if (isNamed(error, ...UNKNOWN_TARGET)) {
      throw rejected('target-unknown', 'AWS knows no such target', error, 'Check the name and AWS_REGION');
    }
    if (isNamed(error, 'OperationNotPermittedException')) {
      const fix = 'Name the rule that a rollout made, tagged stepshift:rollout';
      throw rejected('default-rule', 'the default rule of a listener cannot be deleted', error, fix);
    }
    throw error;
  }
}

function rejected(code: ProblemCode, what: string, error: unknown, fix: string): RejectedError {
  const got = messageOf(error);
  return new RejectedError([
    { code, what, where: 'AWS', got, allowed: 'a target that is there in this account and Region', fix },
  ]);
}
