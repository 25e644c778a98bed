// A small load balancer with two slots of Lambda targets, for the facts about listener rules.
import { CfnOutput, Stack } from 'aws-cdk-lib';
import { type IVpc, Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  ListenerAction,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import type { Construct } from 'constructs';
import type { Slot } from '../ports.ts';
import { slotCode } from './function-code.ts';
import { BALANCER_OUTPUTS } from './outputs.ts';
import { inlineFunction } from './sample-stack.ts';

export interface BalancerStackProps {
  /** Who may reach it. */
  readonly cidr: string;
}

export class BalancerStack extends Stack {
  constructor(scope: Construct, id: string, { cidr }: BalancerStackProps) {
    super(scope, id, { description: 'Stepshift game day: load balancer; safe to delete' });
    // CDK's own class and interface differ under exactOptionalPropertyTypes
    const vpc = new Vpc(this, 'Network', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'public', subnetType: SubnetType.PUBLIC }],
      // the function that does it would be one more thing to remove
      restrictDefaultSecurityGroup: false,
    }) as IVpc;
    const securityGroup = new SecurityGroup(this, 'Callers', { vpc, allowAllOutbound: true });
    securityGroup.addIngressRule(Peer.ipv4(cidr), Port.tcp(80), 'Who runs the game day');
    const balancer = new ApplicationLoadBalancer(this, 'Balancer', {
      vpc,
      internetFacing: true,
      securityGroup,
    });
    const listener = balancer.addListener('Http', {
      port: 80,
      protocol: ApplicationProtocol.HTTP,
      // otherwise CDK lets everybody in
      open: false,
      defaultAction: ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'no rule' }),
    });
    new CfnOutput(this, BALANCER_OUTPUTS.host, { value: balancer.loadBalancerDnsName });
    new CfnOutput(this, BALANCER_OUTPUTS.listenerArn, { value: listener.listenerArn });
    new CfnOutput(this, BALANCER_OUTPUTS.blue, { value: this.#slot('blue').targetGroupArn });
    new CfnOutput(this, BALANCER_OUTPUTS.green, { value: this.#slot('green').targetGroupArn });
  }

  #slot(slot: Slot): ApplicationTargetGroup {
    const target = inlineFunction(this, `Slot-${slot}`, `stepshift-gameday-${slot}`, slotCode(slot));
    return new ApplicationTargetGroup(this, `Group-${slot}`, {
      targetType: TargetType.LAMBDA,
      targets: [new LambdaTarget(target)],
    });
  }
}
