// An account in memory for the doctor: everything is well unless a test says otherwise.
import { ReadRefused } from '../../src/core/doctor.ts';
import type { DoctorReader } from '../../src/core/doctor-reader.ts';
import type { ServiceSubject } from '../../src/core/doctor-service-checks.ts';
import { parseServiceFile } from '../../src/core/service-file.ts';
import type { ServiceRecord } from '../../src/core/service-spec.ts';
import { workflow } from '../../src/core/workflow.ts';
import { specDigest } from '../../src/spec-digest.ts';
import { BASE_RULE, BLUE, GREEN } from '../contracts/alb-driver.ts';

export const NOW_MS = Date.UTC(2026, 0, 5, 9);
export const REGION = 'eu-west-2';
export const ACCOUNT = '123456789012';

const CHECKOUT = parseServiceFile({
  service: 'checkout',
  target: { lambdaAlias: { function: 'checkout-api', alias: 'live' } },
  checks: { alarms: ['Checkout5xx'] },
});
const SHOP = parseServiceFile({
  service: 'shop',
  target: { alb: { listenerRule: BASE_RULE, slots: { blue: BLUE, green: GREEN } } },
});

export const RECORDS: Readonly<Record<string, ServiceRecord>> = Object.fromEntries(
  [CHECKOUT, SHOP].map((spec) => [
    spec.service,
    { spec, specDigest: specDigest(spec), targetRoleArn: `arn:aws:iam::${ACCOUNT}:role/x` },
  ]),
);

export function subjectOf(service: 'checkout' | 'shop', file: string | null = null): ServiceSubject {
  const record = RECORDS[service] as ServiceRecord;
  return { service, spec: record.spec, specDigest: record.specDigest, file };
}

/** A deployed definition has ARNs where the source has placeholders. */
export function deployedDefinition(tickSeconds = 60): string {
  return JSON.stringify(workflow({ tickSeconds }))
    .replaceAll(/\$\{AWS::Partition\}/g, 'aws')
    .replaceAll(/\$\{(\w+)FunctionArn\}/g, 'arn:aws:lambda:eu-west-2:123456789012:function:$1-abc:7');
}

const OUTPUTS = Object.fromEntries(
  ['RolloutMachineArn', 'TableName', 'SignalFunctionName', 'TopicSeverity1', 'TopicSeverity2'].map((name) => [
    name,
    name,
  ]),
);

export function healthyReader(): DoctorReader {
  return {
    toolchain: async () => ({
      nodeVersion: '24.21.0',
      cdk: { version: '2.1148.1', path: 'node_modules/aws-cdk' },
    }),
    region: async () => REGION,
    identity: async () => ({ arn: `arn:aws:sts::${ACCOUNT}:assumed-role/dev/ana`, account: ACCOUNT }),
    stack: async (name) => ({
      name,
      status: 'UPDATE_COMPLETE',
      outputs: name === 'CDKToolkit' ? { BootstrapVersion: '28' } : OUTPUTS,
    }),
    regionsWithStack: async () => [],
    definition: async () => deployedDefinition(),
    lastSweep: async () => ({ hasTable: true, atMs: NOW_MS - 40_000, nowMs: NOW_MS }),
    engineAlarms: async () => [alarm('stepshift-StepshiftEngine-sweeper-missing')],
    subscriptions: async () =>
      ([1, 2] as const).map((severity) => ({
        severity,
        protocol: 'email',
        endpoint: 'team@example.com',
        isPending: false,
      })),
    chats: async () => [],
    concurrency: async () => ({ limit: 1000, unreserved: 1000, wayBackReserved: null }),
    trails: async () => [{ name: 'audit', isLogging: true, keepsWrites: true }],
    services: async () => Object.keys(RECORDS),
    service: async (name) => RECORDS[name] ?? null,
    alarms: async (names) => names.map((name) => alarm(name)),
    alias: async () => ({ alias: { primaryVersion: '41', additionalShares: {} }, owner: null }),
    retention: async () => ({
      alias: { primaryVersion: '41', additionalShares: {} },
      publishedVersions: ['40', '41'],
      template: { stack: 'Shop', deletedVersions: [], aliases: [] },
    }),
    rule: async () => ({ shares: { [BLUE]: 100, [GREEN]: 0 }, missingSlots: [], owner: null }),
  };
}

export function alarm(name: string, state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | 'MISSING' = 'OK') {
  return { name, state, reason: 'Threshold crossed', updatedAtMs: NOW_MS };
}

export function refused(action: string): () => Promise<never> {
  return () => Promise.reject(new ReadRefused(action, `${action}: AccessDenied: no`));
}
