// The judges of the benchmark, in the order of the tables.
import { stepshiftJudge } from '../../src/replay/line-judge.ts';
import type { LineJudge } from '../../src/replay/line-protocol.ts';
import { argoRollouts } from './peers/argo.ts';
import { codeDeployErrors, codeDeployRate } from './peers/codedeploy.ts';
import { flagger } from './peers/flagger.ts';
import { kayenta } from './peers/kayenta.ts';

export interface Contestant {
  /** Slug for `--judges`. */
  readonly name: string;
  /** Heading of a column. */
  readonly title: string;
  /** Its rule in one sentence. */
  readonly says: string;
  readonly make: () => LineJudge;
}

/** The judge that the others are compared with. */
export const OURS = 'stepshift';

/** What a careful operator asks for before a minute counts. */
const CAREFUL_MINIMUM_REQUESTS = 100;

export const CONTESTANTS: readonly Contestant[] = [
  {
    name: OURS,
    title: 'Stepshift',
    says: 'e-processes of canary against stable: errors, latency, KPI and silence together, α = 1 % for the whole rollout',
    make: stepshiftJudge,
  },
  {
    name: 'codedeploy-errors',
    title: 'CodeDeploy, errors > 0',
    says: 'alarm of the AWS SAM documentation: errors of the new version above 0 in 2 of 2 minutes',
    make: codeDeployErrors,
  },
  {
    name: 'codedeploy-rate',
    title: 'CodeDeploy, rate',
    says: 'alarms on error rate and p99 above the operator’s limits in 2 of 3 minutes',
    make: () => codeDeployRate(),
  },
  {
    name: 'codedeploy-guarded',
    title: 'CodeDeploy, guarded',
    says: `the same, minutes with fewer than ${CAREFUL_MINIMUM_REQUESTS} requests do not count`,
    make: () => codeDeployRate(CAREFUL_MINIMUM_REQUESTS),
  },
  {
    name: 'flagger',
    title: 'Flagger',
    says: 'success rate and p99 of the canary against the operator’s limits each minute, threshold 5',
    make: () => flagger(),
  },
  {
    name: 'argo',
    title: 'Argo Rollouts',
    says: 'the same limits over the last 5 minutes, measured each minute, failureLimit 3, consecutiveErrorLimit 4',
    make: () => argoRollouts(),
  },
  {
    name: 'kayenta-10m',
    title: 'Kayenta, 10 min',
    says: 'Mann-Whitney intervals of canary against stable, growing window, a look each 10 minutes',
    make: () => kayenta(10),
  },
  {
    name: 'kayenta-1m',
    title: 'Kayenta, 1 min',
    says: 'the same, a look each minute from the fifth on',
    make: () => kayenta(1),
  },
];
