// What the doctor looks at for one service: its record, its target, the versions it could go back to, its alarms.
import { type DoctorCheck, type DoctorRow, type Judged, row } from './doctor.ts';
import { judgeAlarms } from './doctor-alarms.ts';
import { judgeAlias, judgePlace, judgeRule } from './doctor-targets.ts';
import { judgeVersions } from './doctor-versions.ts';
import type { ServiceRecord, ServiceSpec } from './service-spec.ts';
import { targetLabel } from './targets/index.ts';

export interface ServiceSubject {
  readonly service: string;
  /** As the file says, or else as it is registered. */
  readonly spec: ServiceSpec;
  readonly specDigest: string;
  /** null: no file was given. */
  readonly file: string | null;
}

const target = ({ spec }: ServiceSubject): string => targetLabel(spec.target);

const perService = <Reading>(
  check: Omit<DoctorCheck<ServiceSubject, Reading>, 'service'>,
): DoctorRow<ServiceSubject> => row({ ...check, service: ({ service }) => service });

/** For a service that some stack registers: without its record there is nothing else to look at. */
export const RECORD_CHECK: DoctorRow<string> = row({
  id: 'registered',
  needs: ['dynamodb:GetItem'],
  where: (service) => service,
  service: (service) => service,
  read: (reader, service) => reader.service(service),
  judge: (record, service) => (record === null ? [unregistered(service)] : []),
});

export const SERVICE_CHECKS: readonly DoctorRow<ServiceSubject>[] = [
  perService({
    id: 'registered',
    needs: ['dynamodb:GetItem'],
    where: ({ file, service }) => file ?? service,
    read: (reader, { service }) => reader.service(service),
    judge: (record, subject) => [judgeRecord(record, subject)],
  }),
  perService({
    id: 'target-place',
    needs: ['sts:GetCallerIdentity'],
    where: target,
    // an alias is named without a place and so is always here; the ARN of a rule names one
    read: async (reader, { spec }) =>
      spec.target.kind === 'alb-rule'
        ? {
            arn: spec.target.listenerRuleArn,
            region: await reader.region(),
            account: (await reader.identity()).account,
          }
        : null,
    judge: (reading) => (reading === null ? [] : [judgePlace(reading)]),
  }),
  perService({
    id: 'alias',
    needs: ['lambda:GetAlias', 'dynamodb:GetItem'],
    where: target,
    read: async (reader, { spec }) =>
      spec.target.kind === 'lambda-alias'
        ? { ...(await reader.alias(spec.target)), target: spec.target }
        : null,
    judge: (reading) => (reading === null ? [] : judgeAlias(reading, reading.target)),
  }),
  perService({
    id: 'rule',
    needs: [
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTargetGroups',
      'dynamodb:GetItem',
    ],
    where: target,
    read: async (reader, { spec }) =>
      spec.target.kind === 'alb-rule'
        ? { ...(await reader.rule(spec.target)), slots: Object.values(spec.target.slots) }
        : null,
    judge: (reading) => (reading === null ? [] : judgeRule(reading, reading.slots)),
  }),
  perService({
    id: 'versions',
    needs: [
      'lambda:GetAlias',
      'lambda:ListVersionsByFunction',
      'cloudformation:DescribeStackResources',
      'cloudformation:GetTemplate',
    ],
    where: target,
    read: async (reader, { spec }) =>
      spec.target.kind === 'lambda-alias' ? reader.retention(spec.target) : null,
    judge: (reading) => (reading === null ? [] : judgeVersions(reading)),
  }),
  perService({
    id: 'alarms',
    needs: ['cloudwatch:DescribeAlarms'],
    where: ({ file, service }) => file ?? service,
    read: (reader, { spec }) => reader.alarms(spec.checks.alarms),
    judge: judgeAlarms,
  }),
];

function judgeRecord(record: ServiceRecord | null, { service, file, specDigest }: ServiceSubject): Judged {
  if (record === null) return unregistered(service);
  if (record.specDigest === specDigest) {
    const what = `${service} is registered${file === null ? '' : ', as the file says'}.`;
    return { code: 'service-registered', severity: 'ok', what };
  }
  return {
    code: 'service-differs',
    severity: 'warn',
    what: `${service} is registered otherwise than the file says; a rollout goes by what is registered.`,
    fix: 'Deploy the stack of the service, if the file is the newer one',
    command: deployCommand(service),
  };
}

function unregistered(service: string): Judged {
  return {
    code: 'service-unregistered',
    severity: 'fail',
    what: `${service} is not registered with this engine, so a start is refused.`,
    fix: 'Deploy the stack of the service',
    command: deployCommand(service),
  };
}

function deployCommand(service: string): string {
  return `npx cdk deploy Stepshift-Service-${service}`;
}
