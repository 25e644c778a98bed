// A simulation that is watched while it is played: the live view in accelerated time.
import { liveRowOf } from '../../core/live-row.ts';
import { liveFacts } from '../../core/live-view-facts.ts';
import type { SimulationFrame, SimulationWatch } from '../../sim/simulate.ts';
import type { SimulationResult } from '../../sim/simulation-result.ts';
import type { CommandContext } from '../command.ts';
import { styleOf } from '../timeline.ts';
import { type Display, lineDisplay, screenDisplay } from './display.ts';
import { type Standing, standingReader } from './standing.ts';
import { FRAME_MS, type RealTime, type Waker, waker } from './waker.ts';

/** Virtual seconds a second: a rollout of 40 minutes in 20 seconds. */
export const DEFAULT_SPEED = 120;
/** Of lines, which nobody waits for. */
const LINES_EVERY_MS = 60_000;

/** Ends the simulation from within. */
class Left extends Error {}

type Context = Pick<CommandContext, 'screen' | 'hasColour' | 'columns' | 'remark' | 'emit' | 'onInterrupt'>;

/** Answers null when whoever watched left before the end. */
export async function watchSimulation(
  context: Context,
  time: RealTime,
  speed: number,
  play: (watch: SimulationWatch) => Promise<SimulationResult>,
): Promise<SimulationResult | null> {
  const rest = waker(time);
  const watch = { hasLeft: false };
  const leave = (): void => {
    watch.hasLeft = true;
    rest.wake();
  };
  const { screen } = context;
  const display = displayFor(context, leave, rest.wake);
  const show = screen === null ? unpaced(display) : paced(display, time, rest, watch);
  const stopListening = context.onInterrupt(leave);
  try {
    const result = await play({
      everyMs: screen === null ? LINES_EVERY_MS : speed * FRAME_MS,
      show: async (frame) => {
        if (watch.hasLeft) throw new Left();
        await show(frame);
      },
    });
    display.show(ended(result), Date.parse(result.endedAt), null);
    return result;
  } catch (error) {
    if (error instanceof Left) return null;
    throw error;
  } finally {
    stopListening();
    display.close();
  }
}

function displayFor(context: Context, onLeave: () => void, onChange: () => void): Display {
  const { screen, hasColour, remark: print, emit } = context;
  if (screen === null) return lineDisplay({ print, emit, style: styleOf(context) });
  const onWish = onLeave;
  return screenDisplay({ screen, hasColour, canSignal: false, onWish, onChange });
}

type Show = (frame: SimulationFrame) => Promise<void>;

function unpaced(display: Display): Show {
  let read: (() => Promise<Standing | null>) | undefined;
  return async ({ store, rolloutId, nowMs }) => {
    read ??= standingReader(store, rolloutId);
    display.show(await read(), nowMs, null);
  };
}

/** One frame each time that a frame lasts; a key that is pressed meanwhile is answered at once. */
function paced(display: Display, time: RealTime, rest: Waker, watch: { readonly hasLeft: boolean }): Show {
  const show = unpaced(display);
  let nextAtMs = time.now();
  return async (frame) => {
    await show(frame);
    nextAtMs = Math.max(nextAtMs + FRAME_MS, time.now());
    for (let leftMs = nextAtMs - time.now(); !watch.hasLeft && leftMs > 0; leftMs = nextAtMs - time.now()) {
      await rest.wait(leftMs);
    }
  };
}

/** With the truth that the simulator knows at the end. */
function ended({ report, record }: SimulationResult): Standing {
  return { report, facts: liveFacts(liveRowOf(record), record.entries) };
}
