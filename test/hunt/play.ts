// Plays a run: rollouts are started, the sweeper comes every minute, and at some point it is over.
import type { Settled } from '../../src/core/audit/trace.ts';
import { armActs } from './acts.ts';
import { invoke } from './invoke.ts';
import { MINUTE_MS, type Start } from './plan.ts';
import type { Run } from './run.ts';

/** The sweeper's minute is not the rollout's. */
const SWEEP_OFFSET_MS = 17_000;
/** A rollout that is open so long after its deadline and the last fault stays open. */
const HOPELESS_MS = 40 * MINUTE_MS;
/** No run that goes anywhere makes so many calls, not even one that waits for a person for two days. */
const MOST_CALLS = 20_000;
/** Beyond the deadlines of two rollouts, one after the other, that wait for a person. */
const LONGEST_MS = 60 * 3_600_000;

/** null: it was cut off (a safety run, or one that was told to stop early). */
export function play(run: Run, untilMs: number | null): Promise<Settled | null> {
  const { plan, time, startMs, endOfFaultsMs, executions } = run;
  const state = { isEnding: false };
  armActs(run);
  scheduleStarts(run);
  return new Promise((resolve) => {
    const end = (settled: Settled | null): void => {
      if (state.isEnding) return;
      state.isEnding = true;
      executions.cutOff();
      resolve(settled);
    };
    time.every(startMs + SWEEP_OFFSET_MS, MINUTE_MS, () => {
      if (state.isEnding) return;
      // what it could not do it tries again at the next minute
      if (run.conditions.standing('sweeper-silent') === null)
        invoke(run, null, 'sweep-rollouts', {}).catch(() => {});
      if (plan.mode === 'liveness' && time.now() > endOfFaultsMs) {
        void endOf(run).then((settled) => {
          if (settled !== null) end(settled);
        });
      }
    });
    const cutOffMs =
      plan.mode === 'safety' ? endOfFaultsMs : startMs + (run.mutation?.wants?.longestMs ?? LONGEST_MS);
    time.at(Math.min(cutOffMs, untilMs ?? cutOffMs), () => {
      if (plan.mode === 'safety' || untilMs !== null) end(null);
      else void standing(run).then(end);
    });
  });
}

function scheduleStarts(run: Run): void {
  const { plan, time, startMs, faults, executions } = run;
  const start = async ({ name, service, version }: Start): Promise<void> => {
    const isBusy = executions.names().some((other) => executions.isRunning(other));
    // a pipeline does not fill the slot that another rollout may be using
    if (service === plan.spec.service && !isBusy && (await run.store.listActive()).length === 0)
      run.target.provide(version);
    executions.start(name, { service, version });
  };
  for (const one of plan.starts) {
    const { name, fault, atMs, afterEndMs } = one;
    const id = `${fault} ${name}`;
    if (fault !== null && !faults.isAllowed(id)) continue;
    const begin = (): void => {
      void start(one);
      if (fault !== null) run.recorder.fault(fault, id);
    };
    if (atMs !== null) time.at(startMs + atMs, begin);
    else {
      executions.onEnd((ended) => {
        if (ended === 'r1') time.at(time.now() + afterEndMs, begin);
      });
    }
  }
}

async function endOf(run: Run): Promise<Settled | null> {
  const isEndless = run.recorder.calls() > MOST_CALLS;
  return isEndless || (await isHopeless(run)) ? standing(run) : settledNow(run);
}

/** Everything that was begun has ended and nothing is under way; null while that is not so. */
async function settledNow(run: Run): Promise<Settled | null> {
  const { executions, store, bus } = run;
  if (bus.pending > 0 || executions.names().some((name) => executions.isRunning(name))) return null;
  const [active, watched] = await Promise.all([store.listActive(), store.listWatched()]);
  return active.length === 0 && watched.length === 0 ? standing(run) : null;
}

/** What should be over long since is not. */
async function isHopeless({ store, time, endOfFaultsMs }: Run): Promise<boolean> {
  const active = await store.listActive();
  const deadlineMs = Math.max(endOfFaultsMs, ...active.map((row) => row.deadlineAtMs));
  return active.length > 0 && time.now() > deadlineMs + HOPELESS_MS;
}

async function standing(run: Run): Promise<Settled> {
  const { time, endOfFaultsMs, executions, store, targets } = run;
  const rows = await Promise.all(executions.names().map((name) => store.readRow(name)));
  const standingTargets = [...targets].map(async ([targetId, target]) => {
    const { owner } = await store.readFence(targetId);
    return { targetId, shares: target.shares(), canBeClaimed: owner === null };
  });
  return {
    atMs: time.now(),
    healedAtMs: endOfFaultsMs,
    rollouts: rows.flatMap((row) =>
      row === null
        ? []
        : [
            {
              rolloutId: row.rolloutId,
              outcome: row.outcome,
              deadlineAtMs: row.deadlineAtMs,
              executionEndedAtMs: executions.endedAtMs(row.rolloutId),
            },
          ],
    ),
    targets: await Promise.all(standingTargets),
  };
}
