// Where MiniStack authorises otherwise than AWS, the templates are changed before they are deployed to it: all of it is here.
// What is deployed to AWS instead is held by test/lib (grants, calls, stepshift-service).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_ENGINE_NAME } from '../../../lib/names.ts';
import { ACCOUNT } from './emulators.ts';

interface Statement {
  Action: string | string[];
  Resource?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** GetAlias and UpdateAlias are authorised as ListAliases, and GetProvisionedConcurrencyConfig as GetFunction. */
const MISNAMED = ['lambda:ListAliases', 'lambda:GetFunction'];

export function suitEmulator(assembly: string): void {
  for (const name of readdirSync(assembly).filter((file) => file.endsWith('.template.json'))) {
    const path = join(assembly, name);
    const template = JSON.parse(readFileSync(path, 'utf8'));
    for (const statement of statementsIn(template)) suit(statement);
    writeFileSync(path, JSON.stringify(template, null, 1));
  }
}

function suit(statement: Statement): void {
  const actions = [statement.Action].flat();
  if (actions.includes('lambda:UpdateAlias')) statement.Action = [...actions, ...MISNAMED];
  // it does not see which machine a token belongs to
  if (actions.some((action) => action.startsWith('states:SendTask'))) statement.Resource = '*';
  // for a session, AWS's value is the ARN of its role with the path; here it is the ARN of the session, which has none
  const caller = statement.Condition?.['ArnLike'];
  if (caller?.['aws:PrincipalArn'] !== undefined) {
    caller['aws:PrincipalArn'] = `arn:aws:sts::${ACCOUNT}:assumed-role/${DEFAULT_ENGINE_NAME}-*`;
  }
}

function statementsIn(value: unknown): Statement[] {
  if (value === null || typeof value !== 'object') return [];
  const { Statement: statements } = value as { readonly Statement?: unknown };
  const own = Array.isArray(statements) ? (statements as Statement[]) : [];
  return [...own, ...Object.values(value).flatMap(statementsIn)];
}
