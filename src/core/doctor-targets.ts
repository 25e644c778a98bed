// What the doctor makes of a target: is it there, is it in one piece, does a rollout own it.
import type { Judged } from './doctor.ts';
import type { AliasReading, RuleReading } from './doctor-reader.ts';
import { groupName } from './targets/alb-rule-names.ts';
import type { LambdaAliasTarget } from './targets/lambda-alias.ts';

/** @param here the ARN of a rule, and where the engine is */
export function judgePlace(here: {
  readonly arn: string;
  readonly region: string;
  readonly account: string;
}): Judged {
  const [, , , region = '', account = ''] = here.arn.split(':');
  if (region === here.region && account === here.account) {
    return { code: 'target-here', severity: 'ok', what: 'The target is in this account and Region.' };
  }
  return {
    code: 'target-elsewhere',
    severity: 'fail',
    what: `The target is in ${account}, ${region}, and this engine in ${here.account}, ${here.region}.`,
    fix: 'An engine moves targets of its own account and Region: register the service with the engine there',
  };
}

export function judgeAlias(
  { alias, owner }: AliasReading,
  { functionName, alias: name }: LambdaAliasTarget,
): readonly Judged[] {
  const on = `--function-name ${functionName} --name ${name}`;
  if (alias === null) {
    return [
      {
        code: 'alias-missing',
        severity: 'fail',
        what: `There is no alias ${functionName}:${name}.`,
        fix: 'Correct function and alias in the service file, or create the alias on a published version',
        command: `aws lambda create-alias ${on} --function-version VERSION`,
      },
    ];
  }
  if (owner !== null) return [running(owner)];
  if (Object.keys(alias.additionalShares).length > 0) return [split(alias.additionalShares, on)];
  if (alias.primaryVersion === '$LATEST') {
    return [
      {
        code: 'alias-on-latest',
        severity: 'fail',
        what: 'The alias points at $LATEST, which cannot share traffic with a version.',
        fix: 'Publish a version and point the alias at it once',
        command: `aws lambda update-alias ${on} --function-version VERSION`,
      },
    ];
  }
  return [
    { code: 'alias-ready', severity: 'ok', what: `All traffic goes to version ${alias.primaryVersion}.` },
  ];
}

function split(additionalShares: Readonly<Record<string, number>>, on: string): Judged {
  const shares = Object.entries(additionalShares).map(([version, percent]) => `${percent} % to ${version}`);
  return {
    code: 'alias-split',
    severity: 'fail',
    what: `The alias is split (${shares.join(', ')}) and no rollout owns it, so a start is refused.`,
    fix: 'Finish or undo the other deployment; this gives all traffic to the primary version',
    command: `aws lambda update-alias ${on} --routing-config AdditionalVersionWeights={}`,
  };
}

function running(owner: string): Judged {
  return {
    code: 'rollout-running',
    severity: 'warn',
    what: `The rollout ${owner} runs on this target; a second start is refused until it ends.`,
    fix: 'See how it stands',
    command: `stepshift status ${owner}`,
  };
}

export function judgeRule(
  { shares, missingSlots, owner }: RuleReading,
  slots: readonly string[],
): readonly Judged[] {
  const missing = missingSlots.map(
    (slot): Judged => ({
      code: 'slot-missing',
      severity: 'fail',
      what: `There is no target group ${groupName(slot)}.`,
      fix: 'Correct the slots in the service file, or create the target group',
    }),
  );
  if (shares === null) {
    const fix = 'Correct target.alb.listenerRule in the service file';
    return [
      { code: 'rule-missing', severity: 'fail', what: 'There is no such listener rule.', fix },
      ...missing,
    ];
  }
  if (missing.length > 0) return missing;
  if (owner !== null) return [running(owner)];
  const serving = Object.entries(shares).filter(([, percent]) => percent > 0);
  const [only, ...others] = serving;
  if (only !== undefined && others.length === 0 && slots.includes(only[0])) {
    return [{ code: 'rule-ready', severity: 'ok', what: `All traffic goes to ${groupName(only[0])}.` }];
  }
  const shown = serving.map(([arn, percent]) => `${groupName(arn)} ${percent} %`).join(', ');
  return [
    {
      code: 'rule-not-on-one-slot',
      severity: 'fail',
      what: `The rule does not forward to one slot alone (${shown === '' ? 'it forwards nowhere' : shown}), so a start is refused.`,
      fix: 'Give all traffic of the rule to one of the two slots',
    },
  ];
}
