// The foot of the live view: which keys there are, what is being asked, what became of the last wish.
import type { LiveView } from '../../core/live-view.ts';
import type { LiveState } from '../../core/live-view-state.ts';
import type { Keys } from './keys.ts';
import { type Line, plain } from './spans.ts';
import { shownLines, widthOf } from './width.ts';

export interface Foot {
  readonly keys: Keys;
  /** Nobody can type, and nothing is shown of keys. */
  readonly hasKeys: boolean;
  /** There is an engine that can be told. */
  readonly canSignal: boolean;
}

const HELP =
  '▶ marks the worst check. allowed: what the canary may be. likely: where its true value lies, wrong in 1 of 100 cases on each side. needs N: so many more requests. On the rail ✔ is passed, ? asks a person before it is left. Keys: c lets it go on, a aborts, p promotes early, w shows why, d or Ctrl-C detaches.';

/** The last line is the one that must be seen. */
export function footLines(
  view: LiveView,
  { keys, hasKeys, canSignal }: Foot,
  columns: number,
): readonly Line[] {
  if (!hasKeys || view.state === 'ended') return [];
  const notice: readonly Line[] = keys.notice === null ? [] : [[{ text: keys.notice, weight: 'strong' }]];
  const canary = `version ${view.canaryVersion}`;
  switch (keys.asks) {
    case 'abort':
      return [
        ...notice,
        [{ text: `Abort takes all traffic off ${canary}. Enter sends, Esc leaves.`, tone: 'caution' }],
        plain(`Why: ${endOf(keys.typed, columns - 6)}▏`),
      ];
    case 'approve':
      return [[{ text: `Let ${canary} go on (y), or not (any other key)?`, tone: 'caution' }]];
    case 'promote':
      return [
        [{ text: 'Skips the rest of every bake; checks must pass all the same.', tone: 'caution' }],
        [{ text: `Promote ${canary} early (y), or not (any other key)?`, tone: 'caution' }],
      ];
    case 'help':
      return [...shownLines(HELP, columns, 4).map((text) => plain(text)), hints(view, canSignal, columns)];
    case 'nothing':
      return [...notice, hints(view, canSignal, columns)];
  }
}

/** The engine would refuse them. */
const PAST_SIGNALS: readonly LiveState[] = ['stopping', 'reverting', 'promoting'];

function hints({ askedStage, state }: LiveView, canSignal: boolean, columns: number): Line {
  const approve = askedStage === null ? [] : ['[c] let it go on'];
  const signals = canSignal && !PAST_SIGNALS.includes(state) ? [...approve, '[a] abort', '[p] promote'] : [];
  let hinted = [...signals, '[w] why', '[d] detach', '[?] help'];
  for (const hint of FIRST_LEFT_OUT) {
    if (widthOf(hinted.join('  ')) <= columns) break;
    hinted = hinted.filter((each) => each !== hint);
  }
  return [{ text: hinted.join('  '), weight: 'faint' }];
}

/** An answer that is awaited, and the way out, stay the longest. */
const FIRST_LEFT_OUT = ['[w] why', '[p] promote', '[?] help', '[d] detach', '[a] abort'];

/** What was typed last is what its writer looks at. */
function endOf(text: string, columns: number): string {
  const characters = [...text];
  while (characters.length > 0 && widthOf(characters.join('')) > columns) characters.shift();
  return characters.join('');
}
