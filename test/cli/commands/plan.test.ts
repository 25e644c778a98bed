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

test('without traffic it shows stages, time and use', async () => {
  const { code, out } = await plan();
  expect(code).toBe(0);
  expect(out).toMatchInlineSnapshot(`
    "checkout  checkout-api:live  de0eb00a2d7b

    stage  weight  bake  ticks
    1        10 %    5m      5
    2        50 %    5m      5
    Promotion follows the last stage.

                              if all goes well  at the most
    time                                   10m       1d 50m
    ticks                                   10          258
    state transitions                       36          782
    Lambda invocations                      25          522
    CloudWatch metrics asked                44        1,036
    history events of 18,000               166        3,390

    Not known at the end of a hold: a person is asked; unanswered for 1d it rolls back.
    "
  `);
});

test('with traffic it shows what every stage could find', async () => {
  const { out } = await plan('--requests-per-minute', '6000', '--error-rate', '0.05%');
  const [heading, first, second] = out.split('\n').slice(2);
  expect(heading).toMatch(/canary requests {2}finds error rates from$/);
  expect(first).toMatch(/^1 +10 % +5m +5 +3,000 +[\d.]+ %$/);
  expect(second).toMatch(/^2 +50 % +5m +5 +15,000 +[\d.]+ %$/);
});

test('a trickle of traffic is told to be too little', async () => {
  const { out } = await plan('--requests-per-minute', '0.1');
  expect(out).toContain('too few requests');
});

test('--explain writes every preset and default out, as a file that means the same', async () => {
  const { out: explained } = await plan('--explain');
  expect(explained).toContain('- weight: 10%\n    bake: 5m');
  using folder = tempFolder({ 'a.yaml': FILE, 'b.yaml': explained });
  const validated = await runInMemory(['validate', 'a.yaml', 'b.yaml', '--format', 'json'], {
    cwd: folder.path,
  });
  const [a, b] = JSON.parse(validated.out).services;
  expect(b.specDigest).toBe(a.specDigest);
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
