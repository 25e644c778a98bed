// What the doctor looks at in the account and on the machine, whether an engine is there or not. A new check is a new row.
import { type DoctorRow, row } from './doctor.ts';
import { judgeCaller, judgeConcurrency, judgeTrails } from './doctor-account.ts';
import { judgeBootstrap, judgeCdk, judgeNode } from './doctor-tools.ts';

export interface EngineSubject {
  /** Name of the engine's stack. */
  readonly engineName: string;
}

const BOOTSTRAP_STACK = 'CDKToolkit';

export const ACCOUNT_CHECKS: readonly DoctorRow<EngineSubject>[] = [
  row({
    id: 'node',
    needs: [],
    where: () => 'this machine',
    read: (reader) => reader.toolchain(),
    judge: judgeNode,
  }),
  row({
    id: 'cdk-cli',
    needs: [],
    where: () => 'this project',
    read: (reader) => reader.toolchain(),
    judge: judgeCdk,
  }),
  row({
    id: 'region',
    needs: [],
    where: () => 'environment',
    read: (reader) => reader.region(),
    judge: (region) => [
      { code: 'region-set', severity: 'ok', what: `Everything is looked at in ${region}.` },
    ],
  }),
  row({
    id: 'credentials',
    needs: ['sts:GetCallerIdentity'],
    where: () => 'environment',
    read: (reader) => reader.identity(),
    judge: (identity) => [judgeCaller(identity)],
  }),
  row({
    id: 'bootstrap',
    needs: ['cloudformation:DescribeStacks'],
    where: () => `CloudFormation stack ${BOOTSTRAP_STACK}`,
    read: (reader) => reader.stack(BOOTSTRAP_STACK),
    judge: judgeBootstrap,
  }),
  row({
    id: 'concurrency',
    needs: [
      'lambda:GetAccountSettings',
      'lambda:GetFunctionConcurrency',
      'cloudformation:ListStackResources',
    ],
    where: () => 'Lambda, account settings',
    read: async (reader) => ({
      ...(await reader.concurrency()),
      services: await reader.services().then(
        (names) => names.length,
        () => null,
      ),
    }),
    judge: judgeConcurrency,
  }),
  row({
    id: 'trail',
    needs: ['cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus', 'cloudtrail:GetEventSelectors'],
    where: () => 'CloudTrail',
    read: (reader) => reader.trails(),
    judge: judgeTrails,
  }),
];
