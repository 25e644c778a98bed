// Source → image → fill the idle slot behind the load balancer and roll it out → what may only follow a promotion.
import { ArnFormat, Stack, type StackProps } from 'aws-cdk-lib';
import { Artifact, ExecutionMode, Pipeline, PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import type { CodeBuildAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { StepshiftRolloutAction, type WrittenServiceFile } from '../../lib/code-pipeline.ts';
import { shellStep, writeScript } from './shell-step.ts';
import { type GitSource, sourceStep } from './source-step.ts';

export interface AlbSlotPipelineProps extends StackProps {
  /** What the service file says; its target is the load balancer. */
  readonly service: WrittenServiceFile & { readonly target: { readonly alb: AlbTarget } };
  readonly cluster: string;
  /** The ECS service that registers its tasks with each slot's target group. */
  readonly ecsServices: { readonly blue: string; readonly green: string };
  /** The roles that `taskdef.json` names. */
  readonly taskRoleArns: readonly string[];
  readonly repositoryName: string;
  readonly source: GitSource;
}

interface AlbTarget {
  readonly listenerRule: string;
  readonly slots: { readonly blue: string; readonly green: string };
}

export class AlbSlotPipeline extends Stack {
  constructor(scope: Construct, id: string, props: AlbSlotPipelineProps) {
    super(scope, id, props);
    const code = new Artifact('Code');
    const source = sourceStep(props.source, code);
    const build = this.#buildImage(code, props.repositoryName);
    const fill = this.#fillIdleSlot(code, build, props);
    const rollout = new StepshiftRolloutAction({
      actionName: 'Rollout',
      service: props.service,
      version: fill.variable('VERSION'),
      runOrder: 2,
    });
    const smoke = this.#smokeTest(code, {
      VERSION: fill.variable('VERSION'),
      SLOT: fill.variable('SLOT'),
      ROLLOUT: rollout.variables.executionArn,
    });

    new Pipeline(this, 'Pipeline', {
      pipelineType: PipelineType.V2,
      executionMode: ExecutionMode.SUPERSEDED,
      stages: [
        { stageName: 'Source', actions: [source] },
        { stageName: 'Build', actions: [build] },
        // one pipeline stage, because only one execution at a time is in it: with two stages the next commit would
        // fill the idle slot while the rollout of this one has it under traffic
        { stageName: 'Release', actions: [fill, rollout] },
        { stageName: 'AfterRollout', actions: [smoke] },
      ],
    });
  }

  #buildImage(code: Artifact, repositoryName: string): CodeBuildAction {
    const repository = Repository.fromRepositoryName(this, 'Images', repositoryName);
    return shellStep(this, 'Build', {
      input: code,
      environment: { REPOSITORY: repository.repositoryUri },
      commands: [
        'VERSION=$(echo "$CODEBUILD_RESOLVED_SOURCE_VERSION" | cut -c 1-12)',
        'IMAGE="$REPOSITORY:$VERSION"',
        'REGISTRY=$(echo "$REPOSITORY" | cut -d / -f 1)',
        'aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY"',
        'docker build --tag "$IMAGE" .',
        'docker push "$IMAGE"',
      ],
      exports: ['VERSION', 'IMAGE'],
      usesDocker: true,
      permissions: [
        // knows no resource
        new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
        new PolicyStatement({
          actions: [
            'ecr:BatchCheckLayerAvailability',
            'ecr:BatchGetImage',
            'ecr:CompleteLayerUpload',
            'ecr:GetDownloadUrlForLayer',
            'ecr:InitiateLayerUpload',
            'ecr:PutImage',
            'ecr:UploadLayerPart',
          ],
          resources: [repository.repositoryArn],
        }),
      ],
    });
  }

  #fillIdleSlot(code: Artifact, build: CodeBuildAction, props: AlbSlotPipelineProps): CodeBuildAction {
    const { listenerRule, slots } = props.service.target.alb;
    return shellStep(this, 'FillIdleSlot', {
      input: code,
      environment: {
        LISTENER_RULE: listenerRule,
        CLUSTER: props.cluster,
        BLUE_GROUP: slots.blue,
        BLUE_SERVICE: props.ecsServices.blue,
        GREEN_GROUP: slots.green,
        GREEN_SERVICE: props.ecsServices.green,
        TASK_DEFINITION: 'taskdef.json',
      },
      variables: { IMAGE: build.variable('IMAGE'), VERSION: build.variable('VERSION') },
      commands: [writeScript('fill-idle-slot.sh'), 'SLOT=$(bash /tmp/fill-idle-slot.sh)'],
      exports: ['VERSION', 'SLOT'],
      permissions: this.#mayFill(props),
      runOrder: 1,
    });
  }

  #smokeTest(
    code: Artifact,
    variables: { readonly VERSION: string; readonly SLOT: string; readonly ROLLOUT: string },
  ): CodeBuildAction {
    return shellStep(this, 'SmokeTest', {
      input: code,
      variables,
      commands: [
        `echo "version $VERSION serves from $SLOT since the rollout \${ROLLOUT##*:}"`,
        'npm ci',
        'npm run smoke-test',
      ],
    });
  }

  #mayFill({
    service,
    cluster,
    ecsServices,
    taskRoleArns,
  }: AlbSlotPipelineProps): readonly PolicyStatement[] {
    const { slots } = service.target.alb;
    const serviceArns = [ecsServices.blue, ecsServices.green].map((name) =>
      this.formatArn({
        service: 'ecs',
        resource: 'service',
        resourceName: `${cluster}/${name}`,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    );
    return [
      // neither knows a resource
      new PolicyStatement({
        actions: ['elasticloadbalancing:DescribeRules', 'ecs:RegisterTaskDefinition'],
        resources: ['*'],
      }),
      new PolicyStatement({
        actions: ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags'],
        resources: [slots.blue, slots.green],
        conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['stepshift:version'] } },
      }),
      new PolicyStatement({
        actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
        resources: serviceArns,
      }),
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [...taskRoleArns],
        conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      }),
    ];
  }
}
