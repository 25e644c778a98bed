// The request units of the plan against those that simulated rollouts use, with the real store on an emulated table.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamodbRolloutStore } from '../../src/aws/dynamodb-rollout-store.ts';
import { rolloutTable } from '../../src/aws/dynamodb-table.ts';
import { readScenario } from '../../src/cli/scenario-source.ts';
import { ENGINE_AT_REST, monthAtRest } from '../../src/core/cost-at-rest.ts';
import { planRollout } from '../../src/core/plan.ts';
import type { Ports, RolloutStore } from '../../src/ports.ts';
import { sweepRollouts } from '../../src/steps/sweep-rollouts.ts';
import { EXAMPLES_FOLDER, play } from '../scenarios/examples.ts';
import { countedSteps, type PortCall } from '../support/counted-steps.ts';
import { countedTable, type RequestUnits } from './request-units.ts';
import { startTableServer, type TableServer } from './table-server.ts';

let server: TableServer;
beforeAll(async () => {
  server = await startTableServer();
});
afterAll(() => server.close());

/** Step Functions takes tokens of up to 1,024 characters; those of the simulator have six. */
const LONG = 'x'.repeat(1000);

/** Makes the calls of a simulated rollout again, one after the other. By the step that made them. */
async function unitsOf(example: string): Promise<ReadonlyMap<string, RequestUnits>> {
  const { steps, calls } = countedSteps(['store']);
  const { service } = await readScenario(EXAMPLES_FOLDER, example);
  await play(example, { steps });
  await server.createTable(example);
  const { table, take } = countedTable(rolloutTable(example, server.client));
  const store = dynamodbRolloutStore(table);
  await store.putService({ spec: service.spec, specDigest: service.specDigest, targetRoleArn: null });
  take();
  const units = new Map<string, RequestUnits>();
  for (const call of calls) {
    await repeat(store, call);
    const { reads, writes } = take();
    const before = units.get(call.step) ?? { reads: 0, writes: 0 };
    units.set(call.step, { reads: before.reads + reads, writes: before.writes + writes });
  }
  return units;
}

async function repeat(store: RolloutStore, { method, args }: PortCall): Promise<void> {
  const call = store[method as keyof RolloutStore] as (...args: readonly unknown[]) => Promise<unknown>;
  const [rolloutId, token, ...more] = args;
  await call(...(method === 'putToken' ? [rolloutId, `${token}${LONG}`, ...more] : args));
}

describe.each(['healthy', 'alb-healthy'])('the request units of %s', (example) => {
  it('are planned, and not far above what is used', async () => {
    const { service } = await readScenario(EXAMPLES_FOLDER, example);
    const { expected } = planRollout(service.spec);
    const units = await unitsOf(example);
    const ofRollout = [...units].filter(([step]) => step !== 'sweep-rollouts').map(([, used]) => used);
    const reads = ofRollout.reduce((sum, used) => sum + used.reads, 0);
    const writes = ofRollout.reduce((sum, used) => sum + used.writes, 0);
    expect(reads).toBeLessThanOrEqual(expected.readUnits);
    expect(writes).toBeLessThanOrEqual(expected.writeUnits);
    expect(expected.readUnits).toBeLessThan(1.5 * reads);
    expect(expected.writeUnits).toBeLessThan(1.5 * writes);
  });
});

it('a sweep that finds nothing uses what a month at rest is counted with', async () => {
  await server.createTable('at-rest');
  const { table, take } = countedTable(rolloutTable('at-rest', server.client));
  const clock = { now: () => Date.UTC(2026, 10, 21), sleep: () => new Promise<void>(() => {}) };
  // without a rollout it asks nobody else
  const others = {} as Pick<Ports, 'routers' | 'executions' | 'events'>;
  await sweepRollouts.run({}, { ...others, clock, store: dynamodbRolloutStore(table) });
  const { reads, writes } = take();
  const { lines } = monthAtRest();
  const runs = (31 * 24 * 60) / ENGINE_AT_REST.minutesBetweenSweeps;
  expect(lines.find(({ item }) => item === 'readUnit')?.quantity).toBe(reads * runs);
  expect(lines.find(({ item }) => item === 'writeUnit')?.quantity).toBe(writes * runs);
});
