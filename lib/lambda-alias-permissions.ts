// What the engine must be allowed to do to move and watch one Lambda alias, and nothing more.
import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { LambdaAliasTarget } from '../src/core/targets/lambda-alias.ts';

export function lambdaAliasPermissions(target: LambdaAliasTarget, stack: Stack): PolicyStatement[] {
  const functionArn = stack.formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: target.functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return [
    new PolicyStatement({
      actions: [
        'lambda:GetAlias',
        'lambda:UpdateAlias',
        'lambda:GetPolicy',
        'lambda:GetProvisionedConcurrencyConfig',
      ],
      // Lambda authorises these on the function; that the alias alone is enough is not documented
      resources: [functionArn, `${functionArn}:${target.alias}`],
    }),
    new PolicyStatement({
      actions: ['lambda:GetFunctionConfiguration'],
      // every published version, since the next canary has no number yet
      resources: [functionArn, `${functionArn}:*`],
    }),
  ];
}
