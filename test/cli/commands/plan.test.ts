// `stepshift plan`: what a person and a tool see before a rollout starts.
import { expect, test } from 'vitest';
import { runInMemory } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const FILE = `service: checkout
target:
  lambdaAlias: { function: checkout-api, alias: live }
stages: quick
`;

async function plan(...options: string[]) {
  using folder = tempFolder({ 'checkout.yaml': FILE });
  return await runInMemory(['plan', 'checkout.yaml', ...options], { cwd: folder.path });
}

test('a stage that asks for approval says so, and for how long it waits', async () => {
  const file = FILE.replace(
    'quick',
    '[{ weight: 5%, bake: 10m }, { weight: 50%, bake: 10m, approval: true }]',
  );
  using folder = tempFolder({ 'checkout.yaml': file });
  const { out } = await runInMemory(['plan', 'checkout.yaml'], { cwd: folder.path });
  expect(out).toMatch(/^1 +5 % +10m +10$/m);
  expect(out).toMatch(/^2 +50 % +10m +10 {2}waits for approval, up to 1d$/m);
});

test('without traffic it shows stages, time and use', async () => {
  const { code, out } = await plan();
  expect(code).toBe(0);
  expect(out).toMatchInlineSnapshot(`
    "checkout  checkout-api:live  32087b3ab6fb

    stage  weight  bake  ticks
    1        10 %    5m      5
    2        50 %    5m      5
    Promotion follows the last stage.

                              if all goes well  at the most
    time                                   10m       1d 50m
    ticks                                   10          258
    history events of 18,000               166        3,390

                                 if all goes well      USD  at the most      USD
    metrics asked of CloudWatch               180   0.0018        3,900   0.0390
    state transitions                          36   0.0009          782   0.0196
    Lambda invocations                         33  <0.0001          538   0.0001
    Lambda GB-seconds                         9.5   0.0001          105   0.0014
    DynamoDB write units                      539   0.0003        6,499   0.0041
    DynamoDB read units                       117  <0.0001        1,863   0.0002
    EventBridge events                          7  <0.0001           15  <0.0001
    SNS messages                                7  <0.0001           15  <0.0001
    logs, MB taken in                         0.1   0.0001          2.2   0.0011
    X-Ray traces                               33   0.0002          538   0.0027
    cost                                            0.0034                0.0682

    List prices of us-east-1, gathered on 2026-11-21; prices change, free tier not
    counted (docs/cost.md).
    Calls if all goes well, each with 512 MB and an assumed duration: bake 10,
    judge-canary 10, notify-people 7, shift-traffic 2, start-rollout 1,
    commit-promotion 1, finish-promotion 1, guard-rollout 1.
    A rollout that used up its history of 18,000 events, 1,376 ticks, would cost
    0.3593 USD. Retries come on top.

    Not known at the end of a hold: a person is asked; unanswered for 1d it rolls
    back.
    Pauses, and questions that people answer late, come on top. What still runs
    after about 3d 4h is stopped by the sweeper, and taken back unless its promotion
    was committed.

    Not known before the start:
    - The usual error rate and latency of the stable version: read at the start, of
      its last hour.
    - Whether slow requests can be counted or only percentiles are there to compare:
      tried at the start. By percentiles alone, a slower version is found later.
    "
  `);
});

test.each(['quick', 'standard', 'careful', 'LambdaLinear10PercentEvery10Minutes'])(
  'the plan of %s fits into 80 columns',
  async (stages) => {
    const file = `${FILE.replace('quick', stages)}checks: { alarms: [Checkout5xx] }\n`;
    using folder = tempFolder({ 'checkout.yaml': file });
    const { out } = await runInMemory(['plan', 'checkout.yaml'], { cwd: folder.path });
    expect(out).toMatch(/^DescribeAlarms requests +\d/m);
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  },
);

test('tools get the cost line by line, and every function with its share', async () => {
  const { out } = await plan('--format', 'json');
  const { cost, expected } = JSON.parse(out);
  expect(cost).toMatchObject({ currency: 'USD', region: 'us-east-1', pricesGatheredOn: '2026-11-21' });
  for (const { usd, lines } of [cost.expected, cost.worst, cost.exhausting]) {
    const sum = lines.reduce((total: number, line: { readonly usd: number }) => total + line.usd, 0);
    expect(usd).toBeCloseTo(sum, 9);
  }
  expect(cost.expected.lines).toContainEqual({
    item: 'stateTransition',
    quantity: expected.stateTransitions,
    usd: 0.0009,
  });
  expect(expected.functions).toContainEqual({ name: 'bake', invocations: 10, gbSeconds: 0.75 });
});

test('with traffic it shows what every stage could find', async () => {
  const { out } = await plan('--requests-per-minute', '6000', '--error-rate', '0.05%');
  const [heading, first, second] = out.split('\n').slice(2);
  expect(heading).toMatch(/canary requests {2}finds error rates from$/);
  expect(first).toMatch(/^1 +10 % +5m +5 +3,000 +[\d.]+ %$/);
  expect(second).toMatch(/^2 +50 % +5m +5 +15,000 +[\d.]+ %$/);
});

test('a load balancer rule that is changed in place is told to promise less', async () => {
  const arn = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012';
  const file = `service: shop
target:
  alb:
    listenerRule: ${arn}:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee
    slots: { blue: "${arn}:targetgroup/blue/73e2d6bc24d8a067", green: "${arn}:targetgroup/green/09966783158cda59" }
`;
  using folder = tempFolder({ 'safe.yaml': file, 'in-place.yaml': `${file}    mode: in-place\n` });
  const told = async (name: string, ...options: string[]): Promise<string> =>
    (await runInMemory(['plan', name, ...options], { cwd: folder.path })).out;
  expect(await told('safe.yaml')).not.toContain('Promised less');
  const text = await told('in-place.yaml');
  expect(text).toContain('Promised less on this target:\n- mode: in-place promises less');
  expect(text).toContain('waits 2m 41s');
  expect(JSON.parse(await told('safe.yaml', '--format', 'json')).promises).toEqual([]);
  expect(JSON.parse(await told('in-place.yaml', '--format', 'json')).promises).toHaveLength(3);
});

test('a trickle of traffic is told to be too little', async () => {
  const { out } = await plan('--requests-per-minute', '0.1');
  expect(out).toContain('too few requests');
});

test('--write-out writes every preset and default out, as a file that means the same', async () => {
  const { out: writtenOut } = await plan('--write-out');
  expect(writtenOut).toContain('- weight: 10%\n    bake: 5m');
  using folder = tempFolder({ 'a.yaml': FILE, 'b.yaml': writtenOut });
  const validated = await runInMemory(['validate', 'a.yaml', 'b.yaml', '--format', 'json'], {
    cwd: folder.path,
  });
  const [a, b] = JSON.parse(validated.out).services;
  expect(b.specDigest).toBe(a.specDigest);
});

const OWN_CHECKS = `${FILE}checks:
  errors:
    limit: 2%
  throttles: false
  conversion: { metric: { namespace: Shop, name: Orders }, per: request, better: higher }
  cpu:
    metric:
      math: 100 * used / there
      series:
        used: { namespace: Shop, name: Used }
        there: { namespace: Shop, name: There, dimensions: { Version: "{version}" } }
    hold: { above: 80 }
waivers:
  not-blind-to-http-errors: >-
    answers are checked by the alarm Checkout5xx, which looks at the load balancer in front of the function and
    therefore at both versions at once
`;

async function explain(file: string, ...options: string[]) {
  using folder = tempFolder({ 'checkout.yaml': file });
  return await runInMemory(['plan', 'checkout.yaml', '--explain', ...options], { cwd: folder.path });
}

test('--explain tells every value, the line it is in, and why a default is what it is', async () => {
  const { code, out } = await explain(OWN_CHECKS);
  expect(code).toBe(0);
  expect(out).toMatchInlineSnapshot(`
    "Every value of checkout.yaml and where it comes from:

    service  checkout  line 1

    target.lambdaAlias
      (kind)     lambda-alias  line 3
      function   checkout-api  line 3
      alias      live          line 3
      interface  http          default
          Stepshift default: most aliases answer HTTP; that only exceptions are
          failures is for the team to say.

    stages
      [0].weight  10%  preset (line 4)
          Stepshift preset quick: 2 steps in 10m, then promotion.
      [0].bake    5m   preset (line 4)
      [1].weight  50%  preset (line 4)
      [1].bake    5m   preset (line 4)

    checks.errors
      tolerance  x1.5  default
          Stepshift default: up to half as many failures again is taken for chance,
          more for harm.
      floor      0.1%  default
          Stepshift default: one failure in 1,000 requests is no reason to take a
          release back.
      limit      2%    line 7
      http5xx    none  default
          Stepshift default: no metric is guessed; name one where answers are HTTP,
          for Lambda counts a 500 as success.

    checks.latency
      tolerance   x1.25  default
          Stepshift default: meant to lie above the noise between equal versions and
          below what users notice.
      limit       500ms  default
          Flagger's documented example: requests take 500 ms at most.
      percentile  p95    default
          Common practice: a mean hides slow requests, and p99 needs many more of
          them.
      onLimit     alert  default
          Stepshift default: no fixed limit fits every service, so it tells people;
          being slower than stable rolls back.
      warmUp      5m     default
          Stepshift default: more weight means new execution environments, and their
          cold starts are not the code.
      coldStarts  none   default
          Stepshift default: Lambda publishes no metric of cold starts; with one,
          they are forgiven by their number.

    checks
      throttles  off  line 8

    checks.conversion
      (kind)                          rate        line 9
      (name)                          conversion  line 9
      metric.namespace                Shop        line 9
      metric.name                     Orders      line 9
      metric.stat                     Sum         default
          Stepshift default: events are added up.
      metric.dimensions.FunctionName  {function}  default
          Stepshift default: one series per function and version, as countHttpStatus
          publishes them.
      metric.dimensions.Version       {version}   default
      per                             request     line 9
      better                          higher      line 9
      tolerance                       x0.95       default
          Stepshift default: a loss of up to a twentieth is tolerated.
      lag                             2m          default
          Stepshift default: an order comes a minute or two after its page, so right
          after a raise the first ones are missing.

    checks.cpu
      (kind)                                      gauge               line 10
      (name)                                      cpu                 line 10
      metric.math                                 100 * used / there  line 12
      metric.series.used.namespace                Shop                line 14
      metric.series.used.name                     Used                line 14
      metric.series.used.stat                     Average             default
          Stepshift default: a level is read as its average over the minute.
      metric.series.used.dimensions.FunctionName  {function}          default
          Stepshift default: one series per function and version, as countHttpStatus
          publishes them.
      metric.series.used.dimensions.Version       {version}           default
      metric.series.there.namespace               Shop                line 15
      metric.series.there.name                    There               line 15
      metric.series.there.stat                    Average             default
          Stepshift default: a level is read as its average over the minute.
      metric.series.there.dimensions.Version      {version}           line 15
      hold.above                                  80                  line 16
      onLimit                                     hold                default
          Stepshift default: a level proves nothing about a version, so it makes the
          rollout wait.

    checks
      alarms  none  default
          Stepshift default: no alarm is guessed; the team knows which ones mean
          harm.

    sensitivity     normal  default
        Stepshift default: at most 1 of 100 releases within their tolerances is
        rolled back by chance.
    maxHold         20m     default
        Stepshift default: twice the bake of a standard stage.
    onInconclusive  ask     default
        As Argo Rollouts, which pauses: what cannot be known is for a person to
        weigh.
    notify          none    default
        Stepshift default: messages carry no channel, and subscriptions that filter
        on one get none.

    waivers
      not-blind-to-http-errors  answers are checked by the alarm             line 18
                                Checkout5xx, which looks at the load
                                balancer in front of the function and
                                therefore at both versions at once
    "
  `);
});

test.each([100, 80, 60])('--explain fits into %i columns', async (columns) => {
  using folder = tempFolder({ 'checkout.yaml': OWN_CHECKS });
  const { out } = await runInMemory(['plan', 'checkout.yaml', '--explain'], { cwd: folder.path, columns });
  for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(columns);
});

test('tools get what --explain says row by row', async () => {
  const { out } = await explain(OWN_CHECKS, '--format', 'json');
  const { explained } = JSON.parse(out);
  expect(explained).toContainEqual({
    key: 'checks.errors.limit',
    specKey: 'checks.errors.limitPercent',
    value: '2%',
    from: 'file',
    line: 7,
    why: null,
    source: null,
  });
  expect(explained).toContainEqual({
    key: 'checks.latency.limit',
    specKey: 'checks.latency.limitMs',
    value: '500ms',
    from: 'default',
    line: null,
    why: 'requests take 500 ms at most',
    source: "Flagger's documented example",
  });
  expect(explained).toContainEqual(
    expect.objectContaining({ key: 'stages[1].weight', value: '50%', from: 'preset', line: 4 }),
  );
});

test('what nobody knows before the start is said, as far as the file asks for it', async () => {
  const { out: usual } = await plan();
  expect(usual).toContain('Whether slow requests can be counted or only percentiles are there');
  expect(usual).not.toContain('Whether the metrics of');
  using folder = tempFolder({
    'checkout.yaml': `${OWN_CHECKS.replace('throttles: false', 'latency: false')}`,
  });
  const { out } = await runInMemory(['plan', 'checkout.yaml'], { cwd: folder.path });
  expect(out).toContain('- The usual error rate of the stable version');
  expect(out).toContain('Whether the metrics of conversion, cpu report for both versions');
  expect(out).not.toContain('percentiles');
});

test('tools get numbers with their units in their names', async () => {
  const { out } = await plan('--format', 'json', '--requests-per-minute', '600');
  expect(JSON.parse(out)).toMatchObject({
    file: 'checkout.yaml',
    service: 'checkout',
    tickSeconds: 60,
    stages: [
      { weightPercent: 10, bakeSeconds: 300, ticks: 5, canaryRequests: 300 },
      { weightPercent: 50, bakeSeconds: 300, ticks: 5, canaryRequests: 1500 },
    ],
    expected: { seconds: 600, ticks: 10 },
    askSeconds: 86_400,
  });
});

test.each([
  ['--requests-per-minute', '0'],
  ['--requests-per-minute', 'many'],
  ['--requests-per-minute', '1e999'],
  ['--error-rate', '0.05'],
  ['--error-rate', '100%'],
])('%s %s is refused', async (option, value) => {
  const { code, err } = await plan(option, value);
  expect(code).toBe(2);
  expect(err).toMatch(/^wrong-option {2}/);
});

test.each([undefined, 300, 80, 60, 40])(
  'in a terminal of %s columns no line is wider than it, nor than 80',
  async (columns) => {
    const stages = '[{ weight: 5%, bake: 10m }, { weight: 50%, bake: 10m, approval: true }]';
    using folder = tempFolder({ 'checkout.yaml': FILE.replace('quick', stages) });
    const world = { cwd: folder.path, ...(columns === undefined ? {} : { columns }) };
    const traffic = ['--requests-per-minute', '600000', '--error-rate', '0.05%'];
    const { out } = await runInMemory(['plan', 'checkout.yaml', ...traffic], world);
    const width = Math.min(columns ?? 80, 80);
    expect(out.split('\n').filter((line) => [...line].length > width)).toEqual([]);
  },
);
