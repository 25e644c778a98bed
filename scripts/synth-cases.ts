// What `npm run bench:synth` and its test synthesize: the engine alone, one service of each kind, and many of both.
import { parseServiceFile } from '../src/core/service-file.ts';
import type { ServiceSpec } from '../src/core/service-spec.ts';

const LOAD_BALANCING = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012';

/** Longest name of a CloudWatch alarm, characters. */
const LONGEST_ALARM_NAME = 255;

export interface SynthCase {
  readonly name: string;
  readonly specs: readonly ServiceSpec[];
}

export const SYNTH_CASES: readonly SynthCase[] = [
  { name: 'engine alone', specs: [] },
  { name: 'one Lambda service', specs: [lambdaService('checkout', 1)] },
  { name: 'one ALB service', specs: [albService('shop', 1)] },
  { name: '50 services, 10 alarms each', specs: manyServices(50) },
];

/** Every second one on a load balancer, each with ten alarms of the longest names that CloudWatch takes. */
export function manyServices(count: number): readonly ServiceSpec[] {
  return Array.from({ length: count }, (_, index) =>
    index % 2 === 0 ? lambdaService(`service-${index}`, 10) : albService(`service-${index}`, 10),
  );
}

function lambdaService(service: string, alarms: number): ServiceSpec {
  return parseServiceFile({
    service,
    target: { lambdaAlias: { function: `${service}-api`, alias: 'live', interface: 'http' } },
    checks: {
      errors: { http5xx: { namespace: 'Stepshift', name: 'Http5xx' } },
      alarms: alarmNames(service, alarms),
    },
  });
}

function albService(service: string, alarms: number): ServiceSpec {
  const slot = (colour: string) => `${LOAD_BALANCING}:targetgroup/${service}-${colour}/73e2d6bc24d8a067`;
  return parseServiceFile({
    service,
    target: {
      alb: {
        listenerRule: `${LOAD_BALANCING}:listener-rule/app/${service}/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`,
        slots: { blue: slot('blue'), green: slot('green') },
      },
    },
    checks: { alarms: alarmNames(service, alarms) },
  });
}

function alarmNames(service: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${service}-${index}-`.padEnd(LONGEST_ALARM_NAME, 'a'));
}
