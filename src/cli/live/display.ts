// The two ways to show how a rollout stands: lines for a log, frames for a person at a terminal.
import { type LiveView, liveView } from '../../core/live-view.ts';
import type { LiveState } from '../../core/live-view-state.ts';
import { plainText } from '../../core/plain-text.ts';
import type { TimelineEntry } from '../../core/report.ts';
import { ukClock, ukTime } from '../../core/uk-time.ts';
import type { Screen } from '../command.ts';
import { type TimelineStyle, timelineLines } from '../timeline.ts';
import { frame } from './frame.ts';
import { type KeyPowers, type KeyWish, NO_KEYS, press } from './keys.ts';
import { painter } from './painter.ts';
import { standingLine } from './parts.ts';
import type { Standing } from './standing.ts';

export interface Trouble {
  /** When the rollout was read last. */
  readonly readAtMs: number;
  readonly sentence: string;
}

export interface Display {
  /**
   * @param standing null: there is no record yet
   * @param nowMs of the rollout's own time
   * @param trouble nothing newer can be read; null: all is as it was read
   */
  readonly show: (standing: Standing | null, nowMs: number, trouble: Trouble | null) => void;
  /** What became of a wish. */
  readonly tell: (notice: string) => void;
  /** Lets go of the terminal. Twice is once. */
  readonly close: () => void;
}

export interface LineSinks {
  readonly print: (line: string) => void;
  /** Each entry of the story, once. */
  readonly emit: (entry: TimelineEntry) => void;
  readonly style: TimelineStyle;
}

const STANDING_EVERY_MS = 5 * 60_000;

/** Each event once, and how it stands whenever that changes, or has not been said for long. */
export function lineDisplay({ print, emit, style }: LineSinks): Display {
  let told = 0;
  let said: { readonly state: LiveState; readonly isSilent: boolean; readonly atMs: number } | null = null;
  let lastTrouble: string | null = null;
  return {
    show: (standing, nowMs, trouble) => {
      const sentence = trouble?.sentence ?? null;
      if (sentence !== null && sentence !== lastTrouble) print(plainText(sentence));
      lastTrouble = sentence;
      // what was read before was told already
      if (standing === null || trouble !== null) return;
      const { timeline } = standing.report;
      const news = timeline.slice(told);
      told = timeline.length;
      for (const entry of news) emit(entry);
      for (const line of timelineLines(news, style)) print(line);
      const view = liveView({ ...standing, nowMs });
      const isSilent = view.silentSinceMs !== null;
      const isNew = said === null || view.state !== said.state || isSilent !== said.isSilent;
      const isDue = isNew || said === null || nowMs - said.atMs >= STANDING_EVERY_MS;
      if (view.state === 'ended' || !isDue) return;
      said = { state: view.state, isSilent, atMs: nowMs };
      print(`${ukTime(nowMs)}  ${standingLine(view)}`);
    },
    tell: print,
    close: () => {},
  };
}

export interface ScreenWays {
  readonly screen: Screen;
  readonly hasColour: boolean;
  readonly canSignal: boolean;
  readonly onWish: (wish: KeyWish) => void;
  /** Something is to be drawn anew. */
  readonly onChange: () => void;
}

export function screenDisplay({ screen, hasColour, canSignal, onWish, onChange }: ScreenWays): Display {
  const paint = painter(screen);
  let keys = NO_KEYS;
  let powers: KeyPowers = { canSignal, askedStage: null };
  const listeners = [
    screen.onKey((key) => {
      const pressed = press(keys, key, powers);
      keys = pressed.keys;
      if (pressed.wish !== null) onWish(pressed.wish);
      onChange();
    }),
    screen.onResize(() => {
      paint.forget();
      onChange();
    }),
  ];
  return {
    show: (standing, nowMs, trouble) => {
      if (standing === null) {
        paint.draw(['Waiting for the record of the rollout …'.slice(0, screen.size().columns)]);
        return;
      }
      const view = viewOf(standing, nowMs, trouble);
      powers = { canSignal: canSignal && view.state !== 'ended', askedStage: view.askedStage };
      paint.draw(frame(view, screen.size(), { keys, hasKeys: true, canSignal }, hasColour));
    },
    tell: (notice) => {
      keys = { ...keys, notice };
      onChange();
    },
    close: () => {
      for (const stop of listeners.splice(0)) stop();
      paint.end();
    },
  };
}

/** What cannot be read anew is shown as it stood then, and says so first. */
function viewOf(standing: Standing, nowMs: number, trouble: Trouble | null): LiveView {
  if (trouble === null) return liveView({ ...standing, nowMs });
  const view = liveView({ ...standing, nowMs: trouble.readAtMs });
  const what = `CANNOT BE READ since ${ukClock(trouble.readAtMs)}. Then: ${view.headline.what}`;
  return {
    ...view,
    clock: ukTime(nowMs),
    headline: { icon: '!', what, tone: 'bad' },
    said: [trouble.sentence, ...view.said],
  };
}
