// What the canaries have in common: publish a version, start it under traffic, do something to it, wait for its end.
import { type AnyExperiment, experiment, type Question } from '../core/experiment.ts';
import { SAMPLE } from '../core/names.ts';
import { waitFor } from '../core/probe.ts';
import {
  type ExpectedEnd,
  judgeEnd,
  type Measured,
  RolloutEnd,
  rolloutEnd,
  startEnd,
  WITHOUT_ACT,
} from '../core/rollout-end.ts';
import { REQUESTS_PER_MINUTE } from '../core/service.ts';
import type { Behaviour, Ports, StartedRollout } from '../ports.ts';

const POLL = { everyMs: 5_000, forMs: 45 * 60_000 };
const SHIFT_POLL = { everyMs: 2_000, forMs: 10 * 60_000 };
/** The canary has answered some requests by then. */
const INTO_STAGE_MS = 45_000;
const ZERO_POLL = { everyMs: 500, forMs: 10 * 60_000 };
/** Late answers of the canary come in this time. */
const LATE_ANSWERS_MS = 15_000;

export interface Canary extends Pick<Question, 'id' | 'question' | 'assumption' | 'place' | 'method'> {
  readonly behaviour: Behaviour;
  /** false: nobody sends a request while it runs. */
  readonly hasTraffic: boolean;
  readonly minutes: number;
  readonly expected: ExpectedEnd;
  readonly start?: (ports: Ports, version: string) => Promise<StartedRollout | null>;
  /** Once the canary has traffic. */
  readonly act?: (ports: Ports, started: StartedRollout, version: string) => Promise<Measured>;
  /** Once it has ended, however. */
  readonly tidy?: (ports: Ports) => Promise<void>;
}

export function canaryExperiment({
  behaviour,
  hasTraffic,
  minutes,
  expected,
  ...canary
}: Canary): AnyExperiment {
  const { start = ({ rollouts }, version) => rollouts.start(version), act, tidy, ...question } = canary;
  return experiment({
    ...question,
    needs: ['sample', 'engine', 'traffic'],
    minutes: () => minutes,
    sample: RolloutEnd,
    run: async (ports, keep) => {
      const { functions, traffic } = ports;
      const version = await functions.publish(SAMPLE.functionName, behaviour, question.id);
      if (hasTraffic) traffic.drive(SAMPLE, REQUESTS_PER_MINUTE);
      else await traffic.stop();
      const started = await start(ports, version);
      if (started === null) return keep(startEnd('NOT_STARTED', 'none', 'nothing began'));
      try {
        const canAct = act !== undefined && (await hasShifted(ports, started));
        const measured = canAct ? await act(ports, started, version) : WITHOUT_ACT;
        keep(await endOf(ports, started, measured));
      } finally {
        await tidy?.(ports);
        traffic.drive(SAMPLE, REQUESTS_PER_MINUTE);
      }
    },
    judge: (ends) => judgeEnd(ends, expected),
  });
}

/** false: it ended, or nothing was shifted in time. */
async function hasShifted(ports: Ports, { rolloutId, executionArn }: StartedRollout): Promise<boolean> {
  const isShifted = await waitFor(ports, SHIFT_POLL, async () => {
    const report = await ports.rollouts.report(rolloutId);
    if (report === null) return (await ports.rollouts.refusal(executionArn)) === null ? null : false;
    if (report.outcome !== null) return false;
    return report.timeline.some(({ event }) => event === 'traffic-shifted') ? true : null;
  });
  if (isShifted !== true) return false;
  await ports.clock.sleep(INTO_STAGE_MS);
  return true;
}

async function endOf(ports: Ports, started: StartedRollout, measured: Measured): Promise<RolloutEnd> {
  const { rollouts } = ports;
  const end = await waitFor(ports, POLL, async () => {
    const report = await rollouts.report(started.rolloutId);
    if (report !== null) return report.outcome === null ? null : rolloutEnd(report, measured);
    const cause = await rollouts.refusal(started.executionArn);
    return cause === null ? null : startEnd('REJECTED', started.rolloutId, cause);
  });
  if (end !== null) return end;
  const report = await rollouts.report(started.rolloutId);
  if (report === null) throw new Error(`${started.rolloutId} has neither a record nor an end`);
  return rolloutEnd(report, measured);
}

/** Does something, and measures when the alias shows no canary any more and when the canary answered last. */
export async function measuredStop(
  ports: Ports,
  version: string,
  doIt: () => Promise<unknown>,
): Promise<Measured> {
  const { aliases, clock, traffic } = ports;
  traffic.restartTally();
  const sentAtMs = clock.nowMs();
  await doIt();
  const zeroAtMs = await waitFor(ports, ZERO_POLL, async () => {
    const { shares, version: primary } = await aliases.read(SAMPLE);
    return version in shares || primary === version ? null : clock.nowMs();
  });
  await clock.sleep(LATE_ANSWERS_MS);
  const lastAtMs = traffic.tally()[version]?.lastAtMs ?? sentAtMs;
  return {
    zeroSeconds: zeroAtMs === null ? null : (zeroAtMs - sentAtMs) / 1000,
    lastAnswerSeconds: Math.max(0, lastAtMs - sentAtMs) / 1000,
  };
}
