// The table of target kinds for infrastructure: which permissions a target role gets. A new kind is one row here.
import type { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Target } from '../src/core/targets/index.ts';
import { albRulePermissions } from './alb-rule-permissions.ts';
import { lambdaAliasPermissions } from './lambda-alias-permissions.ts';

type PermissionsOf<Kind extends Target['kind']> = (
  target: Extract<Target, { readonly kind: Kind }>,
  stack: Stack,
) => PolicyStatement[];

const TARGET_PERMISSIONS: { readonly [Kind in Target['kind']]: PermissionsOf<Kind> } = {
  'lambda-alias': lambdaAliasPermissions,
  'alb-rule': albRulePermissions,
};

/** The statements of the target role, with exact ARNs in the account and Region of the stack. */
export function targetPermissions(target: Target, stack: Stack): PolicyStatement[] {
  // the table erases the link between a kind and its target; both come from the same row
  const permissions = TARGET_PERMISSIONS[target.kind] as PermissionsOf<Target['kind']>;
  return permissions(target, stack);
}
