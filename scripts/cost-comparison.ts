// The idle cost of controllers in Kubernetes, beside ours: from what their charts request and what that costs on AWS.

import { monthAtRest } from '../src/core/cost-at-rest.ts';
import { PRICES, type Price } from '../src/core/cost-prices.ts';
import { markdownTable } from './fresh-blocks.ts';

const EC2_AND_FARGATE = { basis: 'price-list', asOf: '2026-10-02' } as const;

/** us-east-1, on demand; as in the price list of the core. */
const CLUSTER_PRICES = {
  cluster: {
    label: 'EKS cluster, hours',
    usd: 0.1,
    per: 1,
    page: 'https://aws.amazon.com/eks/pricing/',
    basis: 'article',
    asOf: '2026-04-01',
  },
  podVcpu: {
    label: 'Fargate vCPU-hours',
    usd: 0.04048,
    per: 1,
    page: 'https://aws.amazon.com/fargate/pricing/',
    ...EC2_AND_FARGATE,
  },
  podGigabyte: {
    label: 'Fargate GB-hours',
    usd: 0.004445,
    per: 1,
    page: 'https://aws.amazon.com/fargate/pricing/',
    ...EC2_AND_FARGATE,
  },
  node: {
    label: 'EC2 t4g.small, hours',
    usd: 0.0168,
    per: 1,
    page: 'https://aws.amazon.com/ec2/pricing/on-demand/',
    ...EC2_AND_FARGATE,
  },
} as const satisfies Record<string, Price>;

/** As long as our month at rest. */
const HOURS_PER_MONTH = 31 * 24;

/** The smallest that Fargate gives a pod (EKS user guide, «Fargate Pod configuration»), and all that these need. */
const FARGATE_POD = { vcpu: 0.25, gigabytes: 0.5 };

/** What a t4g.small has. */
const NODE = { milliCpu: 2000, mebibytes: 2048 };

interface Controller {
  readonly name: string;
  readonly pods: number;
  /** Of one pod. */
  readonly milliCpu: number;
  readonly mebibytes: number;
}

/**
 * `replicas` and requests of charts/argo-rollouts 2.40.9 (argoproj/argo-helm at 0071700; it requests nothing unless told, so
 * the figures are those that its comment proposes), and of charts/flagger 1.44.0 (fluxcd/flagger at 15bd6ad, 2026-07-21).
 */
const CONTROLLERS: readonly Controller[] = [
  { name: 'Argo Rollouts', pods: 2, milliCpu: 50, mebibytes: 64 },
  { name: 'Flagger', pods: 1, milliCpu: 10, mebibytes: 32 },
];

export function comparison(): string {
  const { cluster } = CLUSTER_PRICES;
  const stepshift = monthAtRest().usd;
  const clusterMonth = cluster.usd * HOURS_PER_MONTH;
  const rows = CONTROLLERS.map((controller) => [
    controller.name,
    `${controller.pods} × ${controller.milliCpu}m CPU, ${controller.mebibytes} MiB`,
    month(onSharedNode(controller)),
    month(onFargate(controller)),
    month(clusterMonth + onFargate(controller)),
  ]);
  return markdownTable(
    ['', 'requests', 'in a cluster with room', 'as Fargate pods', 'with a cluster of its own'],
    [...rows, ['Stepshift', 'none', month(stepshift), month(stepshift), month(stepshift)]],
    (column) => column >= 2,
  );
}

function month(usd: number): string {
  return usd.toFixed(2);
}

/** Its share of a node, by what it requests more of. */
function onSharedNode({ pods, milliCpu, mebibytes }: Controller): number {
  const share = Math.max(milliCpu / NODE.milliCpu, mebibytes / NODE.mebibytes);
  return pods * share * CLUSTER_PRICES.node.usd * HOURS_PER_MONTH;
}

function onFargate({ pods }: Controller): number {
  const { podVcpu, podGigabyte } = CLUSTER_PRICES;
  const hour = FARGATE_POD.vcpu * podVcpu.usd + FARGATE_POD.gigabytes * podGigabyte.usd;
  return pods * hour * HOURS_PER_MONTH;
}

/** Every price of docs/cost.md, its unit, its page, and what was read of it. */
export function priceTable(): string {
  const rows: readonly Price[] = [...Object.values(PRICES), ...Object.values(CLUSTER_PRICES)];
  return markdownTable(
    ['what', 'USD', 'for', 'set by', 'taken from', 'as of'],
    rows.map(({ label, usd, per, page, basis, asOf }) => [
      label,
      String(usd),
      per.toLocaleString('en-GB'),
      `[AWS](${page})`,
      BASIS_WORDS[basis],
      asOf ?? 'no date',
    ]),
    (column) => column === 1 || column === 2,
  );
}

const BASIS_WORDS: Readonly<Record<Price['basis'], string>> = {
  'price-list': 'Price List API, quoted by others',
  'aws-page': "copy of AWS's page",
  article: 'articles',
  assumed: '**not verified**, assumed',
};
