// What AWS does not have for a new service, or has more than once: each with what to do about it.
import { RejectedError } from '../../core/errors.ts';

export function functionUnknown(name: string): RejectedError {
  return new RejectedError([
    {
      code: 'function-unknown',
      what: `there is no function ${name} in this account and Region`,
      where: 'command line',
      got: name,
      allowed: 'the name of a Lambda function',
      fix: 'Check the name, the credentials and AWS_REGION; or write the file unasked: --offline with --alias',
    },
  ]);
}

function createAliasFix(functionName: string, alias: string): string {
  return `Make one: aws lambda create-alias --function-name ${functionName} --name ${alias} --function-version VERSION`;
}

export function noAlias(functionName: string): RejectedError {
  return new RejectedError([
    {
      code: 'no-alias',
      what: `${functionName} has no alias, and an alias is what carries the traffic`,
      where: functionName,
      got: 'no alias',
      allowed: 'an alias on a published version, which the callers use',
      fix: `${createAliasFix(functionName, 'live')}; then let the callers name it`,
    },
  ]);
}

export function aliasMissing(functionName: string, alias: string, names: readonly string[]): RejectedError {
  return new RejectedError([
    {
      code: 'alias-missing',
      what: `the alias ${functionName}:${alias} does not exist`,
      where: functionName,
      got: alias,
      allowed: names.length === 0 ? 'none: it has no alias' : names.join(', '),
      fix:
        names.length === 0
          ? createAliasFix(functionName, alias)
          : `Name one that it has: --alias ${names[0]}`,
    },
  ]);
}

export function severalAliases(functionName: string, names: readonly string[]): RejectedError {
  return new RejectedError([
    {
      code: 'several-aliases',
      what: `${functionName} has ${names.length} aliases, and none was named`,
      where: functionName,
      got: 'no --alias',
      allowed: names.join(', '),
      fix: `Name the one that the callers use: --alias ${names[0]}`,
    },
  ]);
}

export function ruleUnknown(ruleArn: string): RejectedError {
  return new RejectedError([
    {
      code: 'rule-unknown',
      what: 'there is no such listener rule in this account and Region',
      where: 'command line',
      got: ruleArn,
      allowed: 'the ARN of a rule of an Application Load Balancer',
      fix: 'Check the ARN, the credentials and AWS_REGION; or write the file unasked: --offline with --blue and --green',
    },
  ]);
}

export function slotsNotFound(ruleArn: string, groups: readonly string[]): RejectedError {
  return new RejectedError([
    {
      code: 'slots-not-found',
      what: `the rule forwards to ${groups.length} target group${groups.length === 1 ? '' : 's'}, and a service has two slots`,
      where: ruleArn,
      got: groups.join(', ') || 'none',
      allowed: 'two target groups',
      fix: 'Name both: --blue ARN --green ARN',
    },
  ]);
}
