// The action that both pipelines begin with: the newest commit of the branch that is released.
import type { Artifact } from 'aws-cdk-lib/aws-codepipeline';
import { CodeStarConnectionsSourceAction } from 'aws-cdk-lib/aws-codepipeline-actions';

/** Where the code is: a connection to the Git host, made by hand once. */
export interface GitSource {
  readonly connectionArn: string;
  readonly owner: string;
  readonly repo: string;
}

export function sourceStep(source: GitSource, output: Artifact): CodeStarConnectionsSourceAction {
  return new CodeStarConnectionsSourceAction({ actionName: 'Code', ...source, branch: 'main', output });
}
