// A service file written out in full: every key that has a value is there, as `plan --write-out` prints it.
import { expect, test } from 'vitest';
import { parseServiceFile } from '../../src/core/service-file.ts';
import { writeOut } from '../../src/core/written-service.ts';
import { pathText, valueAt } from '../../src/core/zod-problems.ts';
import { runInMemory } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const LAMBDA = { lambdaAlias: { function: 'checkout-api', alias: 'live' } };
const ARN = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012';
const ALB = {
  alb: {
    listenerRule: `${ARN}:listener-rule/app/lb/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`,
    slots: {
      blue: `${ARN}:targetgroup/checkout-blue/73e2d6bc24d8a067`,
      green: `${ARN}:targetgroup/checkout-green/d3fe8f1ab2c94e21`,
    },
  },
};

async function planned(target: unknown, option: string) {
  // JSON is YAML
  using folder = tempFolder({ 'checkout.yaml': JSON.stringify({ service: 'checkout', target }) });
  const argv = ['plan', 'checkout.yaml', option, '--format', 'json'];
  return JSON.parse((await runInMemory(argv, { cwd: folder.path })).out);
}

/** Every path that leads to a value or to a map, as `--explain` names it. */
function keysOf(value: unknown, path: readonly PropertyKey[] = []): readonly string[] {
  if (typeof value !== 'object' || value === null) return [pathText(path)];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [pathText(path), ...inner.flatMap(([key, each]) => keysOf(each, [...path, key]))];
}

test.each([
  ['a Lambda alias', LAMBDA, 'target.lambdaAlias.interface'],
  ['a load balancer', ALB, 'target.alb.slots.green'],
])('%s: every value that --explain tells has its key in --write-out', async (_, target, known) => {
  const { explained } = await planned(target, '--explain');
  const { writtenOut } = await planned(target, '--write-out');
  const told = (explained as readonly { key: string; value: string }[])
    .filter(({ value }) => value !== 'none')
    .map(({ key }) => key);
  expect(told).toContain(known);
  expect(told.filter((key) => !keysOf(writtenOut).includes(key))).toEqual([]);
});

test.each([
  ['interface', LAMBDA, ['lambdaAlias', 'interface'], 'http'],
  [
    'interface as it was chosen',
    { lambdaAlias: { ...LAMBDA.lambdaAlias, interface: 'event' } },
    ['lambdaAlias', 'interface'],
    'event',
  ],
  ['mode', ALB, ['alb', 'mode'], 'rule-per-rollout'],
  ['mode as it was chosen', { alb: { ...ALB.alb, mode: 'in-place' } }, ['alb', 'mode'], 'in-place'],
])('the target is written with its %s', (_, target, path, value) => {
  const written = writeOut(parseServiceFile({ service: 'checkout', target }));
  expect(valueAt(written['target'], path)).toBe(value);
  expect(written['target']).toMatchObject(target);
});
