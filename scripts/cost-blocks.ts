// The generated blocks of docs/cost.md; the staleness test uses the same function.

import { wrap } from '../src/cli/wrap.ts';
import { type Bill, costOf } from '../src/core/cost.ts';
import { ENGINE_AT_REST, monthAtRest } from '../src/core/cost-at-rest.ts';
import { PRICES } from '../src/core/cost-prices.ts';
import { planRollout } from '../src/core/plan.ts';
import { FUNCTION_MEMORY_MB } from '../src/core/plan-usage.ts';
import { PRESETS } from '../src/core/presets.ts';
import { parseServiceFile } from '../src/core/service-file.ts';
import { formatCount, formatDuration } from '../src/core/units.ts';
import { comparison, priceTable } from './cost-comparison.ts';
import { type GeneratedBlock, markdownTable } from './fresh-blocks.ts';

export function costBlocks(): readonly GeneratedBlock[] {
  return [
    { name: 'presets', text: presetTable() },
    { name: 'hour', text: billTable(costOf(planOf({ stages: HOUR })).expected, 4) },
    { name: 'more', text: moreTable() },
    {
      name: 'rest',
      text: `${billTable(monthAtRest(), 3)}\n\n${wrap(restSentence(), DOCUMENT_COLUMNS).join('\n')}`,
    },
    { name: 'kubernetes', text: comparison() },
    { name: 'prices', text: priceTable() },
  ];
}

type Written = Readonly<Record<string, unknown>>;

/** An alias over HTTP with the default checks, the service of the README. */
const SERVICE = {
  service: 'checkout',
  target: { lambdaAlias: { function: 'checkout-api', alias: 'live' } },
  checks: { errors: { http5xx: { namespace: 'Stepshift', name: 'Http5xx' } } },
};

/** Sixty minutes in four stages. */
const HOUR = stagesOf(15);

function stagesOf(minutes: number): readonly Written[] {
  return [5, 25, 50, 95].map((weight) => ({ weight: `${weight}%`, bake: `${minutes}m` }));
}

function planOf(more: Written) {
  return planRollout(parseServiceFile({ ...SERVICE, ...more }));
}

/** One row for presets that are the same plan under several names; CodeDeploy's long names are left out. */
function presetTable(): string {
  const names = new Map<string, string[]>();
  for (const [name, stages] of Object.entries(PRESETS)) {
    if (name.startsWith('CodeDeployDefault.')) continue;
    const plan = JSON.stringify(stages);
    names.set(plan, [...(names.get(plan) ?? []), name]);
  }
  return markdownTable(
    ['preset', 'time', 'transitions', 'invocations', 'metrics', 'USD', 'USD at the most'],
    [...names.values()].map((same) => presetRow(same)),
    (column) => column > 0,
  );
}

function presetRow(names: readonly string[]): readonly string[] {
  const plan = planOf({ stages: names[0] });
  const { expected, worst } = costOf(plan);
  const invocations = plan.expected.functions.reduce((sum, one) => sum + one.invocations, 0);
  return [
    names.map((name) => `\`${name}\``).join(', '),
    formatDuration(plan.expected.seconds),
    formatCount(plan.expected.stateTransitions),
    formatCount(invocations),
    formatCount(plan.expected.metricsRequested),
    expected.usd.toFixed(4),
    worst.usd.toFixed(4),
  ];
}

function billTable({ lines, usd }: Bill, digits: number): string {
  return markdownTable(
    ['what', 'used', 'USD'],
    [
      ...lines.map((line) => [
        PRICES[line.item].label,
        line.quantity < 100
          ? String(Number(line.quantity.toFixed(1)))
          : formatCount(Math.round(line.quantity)),
        line.usd.toFixed(digits),
      ]),
      ['**all**', '', `**${usd.toFixed(digits)}**`],
    ],
    (column) => column > 0,
  );
}

const ELB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const LOAD_BALANCER = {
  alb: {
    listenerRule: `${ELB}:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`,
    slots: {
      blue: `${ELB}:targetgroup/blue/73e2d6bc24d8a067`,
      green: `${ELB}:targetgroup/green/09966783158cda59`,
    },
  },
};

function ownChecks(count: number): Written {
  const metric = { namespace: 'Shop', name: 'Orders', dimensions: { Version: '{version}' } };
  const check = (index: number) => ({
    metric: { ...metric, name: `Orders${index}` },
    per: 'request',
    better: 'higher',
  });
  const own = Object.fromEntries(Array.from({ length: count }, (_, index) => [`own-${index}`, check(index)]));
  return { ...SERVICE.checks, ...own };
}

/** One change at a time to the rollout of an hour. */
const CHANGES: readonly (readonly [what: string, change: Written])[] = [
  ['the same on a load balancer', { target: LOAD_BALANCER, checks: {} }],
  ['without latency', { checks: { ...SERVICE.checks, latency: false } }],
  ['with five checks of your own, each with a metric by version', { checks: ownChecks(5) }],
  ['with ten alarms', { checks: { ...SERVICE.checks, alarms: [...'abcdefghij'] } }],
  ['with stages twice as long, two hours', { stages: stagesOf(30) }],
  ['with stages of two hours, eight hours', { stages: stagesOf(120) }],
];

function moreTable(): string {
  const usdOf = (change: Written): number => costOf(planOf({ stages: HOUR, ...change })).expected.usd;
  const { worst, exhausting } = costOf(planOf({ stages: HOUR }));
  const rows: readonly (readonly [string, number])[] = [
    ['the rollout of an hour', usdOf({})],
    ...CHANGES.map(([what, change]) => [what, usdOf(change)] as const),
    ['every stage held, and a question that nobody answers for a day', worst.usd],
    ['whatever goes on until the whole history is used up', exhausting.usd],
  ];
  return markdownTable(
    ['', 'USD'],
    rows.map(([what, usd]) => [what, usd.toFixed(4)]),
    (column) => column === 1,
  );
}

const TARGET_USD = 1.5;
const DOCUMENT_COLUMNS = 130;
const TENTH_OF_A_SECOND_MS = 100;

function restSentence(): string {
  const { usd } = monthAtRest();
  return [
    targetSentence(usd),
    `Each tenth of a second more of the sweeper would cost ${slowerUsd().toFixed(2)} USD more.`,
  ].join(' ');
}

function targetSentence(usd: number): string {
  const target = `our target of ${TARGET_USD.toFixed(2)} USD`;
  const traces = (monthAtRest({ ...ENGINE_AT_REST, isSweeperTraced: true }).usd - usd).toFixed(2);
  const verdict = usd < TARGET_USD ? 'under' : 'over';
  return `That is ${verdict} ${target}. X-Ray does not trace the sweeper: its traces would be ${traces} USD more.`;
}

function slowerUsd(): number {
  const { usd, per } = PRICES.lambdaGbSecond;
  const runs = monthAtRest().lines.find(({ item }) => item === 'lambdaRequest')?.quantity ?? 0;
  return (((runs * TENTH_OF_A_SECOND_MS * FUNCTION_MEMORY_MB) / 1024 / 1000) * usd) / per;
}
