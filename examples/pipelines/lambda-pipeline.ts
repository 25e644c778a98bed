// Source → build → publish a version → roll it out with Stepshift → what may only follow a promotion.
import { ArnFormat, Stack, type StackProps } from 'aws-cdk-lib';
import { Artifact, ExecutionMode, Pipeline, PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import type { CodeBuildAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { StepshiftRolloutAction, type WrittenServiceFile } from '../../lib/code-pipeline.ts';
import { shellStep, writeScript } from './shell-step.ts';
import { type GitSource, sourceStep } from './source-step.ts';

export interface LambdaPipelineProps extends StackProps {
  /** What the service file says; its target is the function. */
  readonly service: WrittenServiceFile & {
    readonly target: { readonly lambdaAlias: { readonly function: string } };
  };
  readonly source: GitSource;
  /** Where the web client goes that needs the new version. */
  readonly clientBucketName: string;
}

export class LambdaPipeline extends Stack {
  constructor(scope: Construct, id: string, props: LambdaPipelineProps) {
    super(scope, id, props);
    const code = new Artifact('Code');
    const built = new Artifact('Built');
    const source = sourceStep(props.source, code);
    const build = shellStep(this, 'Build', {
      input: code,
      commands: ['npm ci', 'npm test', 'npm run build'],
      output: { artifact: built, folder: 'dist' },
    });
    const publish = this.#publish(built, props.service.target.lambdaAlias.function);
    const version = publish.variable('VERSION');
    const rollout = new StepshiftRolloutAction({ actionName: 'Rollout', service: props.service, version });
    const deployClient = this.#deployClient(built, props.clientBucketName, {
      VERSION: version,
      ROLLOUT: rollout.variables.executionArn,
    });

    new Pipeline(this, 'Pipeline', {
      pipelineType: PipelineType.V2,
      // while one rollout runs, newer commits wait before it, and only the newest of them goes on
      executionMode: ExecutionMode.SUPERSEDED,
      stages: [
        { stageName: 'Source', actions: [source] },
        { stageName: 'Build', actions: [build] },
        { stageName: 'Publish', actions: [publish] },
        { stageName: 'Rollout', actions: [rollout] },
        { stageName: 'AfterRollout', actions: [deployClient] },
      ],
    });
  }

  #publish(built: Artifact, functionName: string): CodeBuildAction {
    return shellStep(this, 'Publish', {
      input: built,
      environment: { FUNCTION_NAME: functionName, ZIP_FILE: 'function.zip' },
      commands: [writeScript('publish-version.sh'), 'VERSION=$(bash /tmp/publish-version.sh)'],
      exports: ['VERSION'],
      permissions: this.#mayPublish(functionName),
    });
  }

  /** Runs after a promotion only: a client that needs the new version must not meet the old one. */
  #deployClient(
    built: Artifact,
    bucketName: string,
    variables: { readonly VERSION: string; readonly ROLLOUT: string },
  ): CodeBuildAction {
    const client = Bucket.fromBucketName(this, 'Client', bucketName);
    return shellStep(this, 'DeployClient', {
      input: built,
      environment: { BUCKET: bucketName },
      variables,
      commands: [
        `echo "version $VERSION was promoted by the rollout \${ROLLOUT##*:}"`,
        'aws s3 cp --recursive client "s3://$BUCKET/$VERSION"',
      ],
      permissions: [
        new PolicyStatement({ actions: ['s3:PutObject'], resources: [client.arnForObjects('*')] }),
      ],
    });
  }

  #mayPublish(functionName: string): readonly PolicyStatement[] {
    const functionArn = this.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: functionName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return [
      new PolicyStatement({
        actions: ['lambda:UpdateFunctionCode', 'lambda:PublishVersion'],
        resources: [functionArn],
      }),
      // the waiters read the function and then the version
      new PolicyStatement({
        actions: ['lambda:GetFunctionConfiguration'],
        resources: [functionArn, `${functionArn}:*`],
      }),
    ];
  }
}
