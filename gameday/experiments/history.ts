// How many events an execution really has.
import * as z from 'zod';
import { EVENTS_PER_TICK } from '../../src/core/budget.ts';
import { experiment } from '../core/experiment.ts';
import { countHistory } from '../core/history.ts';
import { SAMPLE } from '../core/names.ts';
import { waitFor } from '../core/probe.ts';
import { REQUESTS_PER_MINUTE } from '../core/service.ts';

/** Some ticks of the first stage. */
const RUNS_FOR_MS = 200_000;

export const historyEvents = experiment({
  id: 'history-events',
  question: 'Has an execution as many history events as the engine reckons?',
  assumption: `${EVENTS_PER_TICK} a tick, and what start and shifts add; never more.`,
  place: 'src/core/budget.ts',
  method:
    'A rollout of a good version, aborted after some ticks; GetExecutionHistory counted up to the way back',
  needs: ['sample', 'engine', 'traffic'],
  minutes: () => 6,
  sample: z.object({
    measured: z.number(),
    reckoned: z.number(),
    shifts: z.number(),
    bakes: z.number(),
    retried: z.number(),
  }),
  run: async (ports, keep) => {
    const { clock, functions, machines, rollouts, traffic } = ports;
    const version = await functions.publish(SAMPLE.functionName, 'good', 'history-events');
    traffic.drive(SAMPLE, REQUESTS_PER_MINUTE);
    const { rolloutId, executionArn } = await rollouts.start(version);
    await clock.sleep(RUNS_FOR_MS);
    await rollouts.abort(rolloutId, 'game day: enough history');
    await waitFor(ports, { everyMs: 2_000, forMs: 5 * 60_000 }, async () => {
      const report = await rollouts.report(rolloutId);
      return report === null || report.outcome === null ? null : report;
    });
    keep(countHistory(await machines.history(executionArn)));
  },
  judge: (samples) => {
    const [first = { measured: 0, reckoned: 0, shifts: 0, bakes: 0, retried: 0 }] = samples;
    const { measured, reckoned, bakes, retried } = first;
    // the bake that was woken has neither its look nor its choice
    const isAsReckoned = measured <= reckoned && measured >= reckoned - EVENTS_PER_TICK;
    return {
      verdict: bakes === 0 || retried > 0 ? 'unknown' : isAsReckoned ? 'agrees' : 'disagrees',
      measured: `${measured} events, ${reckoned} reckoned, for ${bakes} bakes; ${retried} attempts failed`,
      values: first,
    };
  },
});
