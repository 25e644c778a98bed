// Lets a stack of the product be removed without anything left: the product keeps its records, a game day must not.
import { CfnDeletionPolicy, CfnResource, type Stack } from 'aws-cdk-lib';

/** Gone with what they belong to; and an execution that runs still needs the old ones when the engine is deployed anew. */
const GOES_WITH_ITS_PARENT: ReadonlySet<string> = new Set([
  'AWS::Lambda::Version',
  'AWS::StepFunctions::StateMachineVersion',
]);

export function makeRemovable(stack: Stack): void {
  for (const { cfnOptions, cfnResourceType } of stack.node.findAll().filter(isResource)) {
    const isKept =
      cfnOptions.deletionPolicy !== undefined && cfnOptions.deletionPolicy !== CfnDeletionPolicy.DELETE;
    if (isKept && !GOES_WITH_ITS_PARENT.has(cfnResourceType)) {
      cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    }
  }
}

function isResource(node: unknown): node is CfnResource {
  return CfnResource.isCfnResource(node as CfnResource);
}
