// Who may assume the engine's roles: AWS services, each bound to this account so that none is anybody's confused deputy.
import { Aws } from 'aws-cdk-lib';
import { type IPrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

/**
 * Lambda takes a role of the function's own account only. Whether it also sends the key is not documented, and a condition
 * that never holds would keep every function from starting: the key binds where it is there.
 */
export function lambdaService(): IPrincipal {
  return new ServicePrincipal('lambda.amazonaws.com').withConditions({
    StringEqualsIfExists: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
  });
}

/** Source: Step Functions Developer Guide, "Creating an IAM role for your state machine", confused deputy. */
export function statesService(): IPrincipal {
  return new ServicePrincipal('states.amazonaws.com').withConditions({
    StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
    ArnLike: {
      'aws:SourceArn': `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:stateMachine:*`,
    },
  });
}

/**
 * Source: EventBridge User Guide, "Cross-service confused deputy prevention": the source is the rule.
 * @param busName a pattern, since the rule itself refers to the role
 */
export function eventsService(busName: string): IPrincipal {
  return new ServicePrincipal('events.amazonaws.com').withConditions({
    StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
    ArnLike: {
      'aws:SourceArn': `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:rule/${busName}/*`,
    },
  });
}
