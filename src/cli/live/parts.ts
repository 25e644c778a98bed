// The parts of a frame that are lines of text: who and when, the bake and what comes next, facts, the story.
import type { LiveView } from '../../core/live-view.ts';
import type { LiveBake } from '../../core/live-view-words.ts';
import { ukClock } from '../../core/uk-time.ts';
import { observedText } from './rail.ts';
import type { Line, Span } from './spans.ts';
import { padTo, shown, shownLines, widthOf } from './width.ts';

const LABEL_COLUMNS = 10;
const BAR_COLUMNS = 20;
export const MAX_TIMELINE_LINES = 20;

export function identityLines(view: LiveView, inner: number): readonly Line[] {
  const versions = `${view.stableVersion ?? '?'} ▸ ${view.canaryVersion}`;
  const room = inner - widthOf(view.clock) - 2;
  const left = [shown(view.target, 40), shown(versions, 30), shown(view.rolloutId, 40)].join('   ');
  if (widthOf(left) <= room)
    return [[{ text: padTo(left, inner - widthOf(view.clock)) + view.clock, weight: 'faint' }]];
  return [left, view.clock].map((text): Line => [{ text, weight: 'faint' }]);
}

export function bakeLines({ bake, next, said }: LiveView, inner: number): readonly Line[] {
  const told = said.map((text): Line => [{ text, tone: 'caution' }]);
  const nextText = next === null ? '' : `next: ${next}`;
  const nextLines = shownLines(nextText, inner, 2).map((text): Line => [{ text, weight: 'strong' }]);
  if (bake === null) return [...nextLines, ...told];
  const { elapsedSeconds, totalSeconds, endsAtMs, isCutShort } = bake;
  const isOver = elapsedSeconds >= totalSeconds;
  const parts: Span[] = [
    { text: `${bakeText(bake)}  ` },
    ...bar(elapsedSeconds / totalSeconds, inner),
    { text: isOver ? 'bake over' : isCutShort ? 'cut short' : `ends ≈ ${ukClock(endsAtMs).slice(0, 5)}` },
  ];
  const width = parts.reduce((sum, { text }) => sum + widthOf(text), 0);
  const isOneLine = width + 3 + widthOf(nextText) <= inner;
  return isOneLine
    ? [[...parts, { text: `   ${nextText}`, weight: 'strong' }], ...told]
    : [parts, ...nextLines, ...told];
}

function bar(share: number, inner: number): readonly Span[] {
  if (inner < 70) return [];
  const full = Math.min(BAR_COLUMNS, Math.max(0, Math.floor(share * BAR_COLUMNS)));
  const empty = '░'.repeat(BAR_COLUMNS - full);
  return [{ text: '█'.repeat(full), tone: 'neutral' }, { text: `${empty}  ` }];
}

/** 372 → `06:12`, 4000 → `1:06:40`. */
function clockSpan(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours === 0 ? '' : `${hours}:`}${two(minutes)}:${two(seconds % 60)}`;
}

export function factLines(view: LiveView, inner: number): readonly Line[] {
  const labelled = (label: string, text: string, maxLines: number): readonly Line[] =>
    shownLines(text, Math.max(1, inner - LABEL_COLUMNS), maxLines).map((line, index) => [
      { text: padTo(index === 0 ? label : '', LABEL_COLUMNS), weight: 'faint' },
      { text: line },
    ]);
  return [
    ...(view.alarms.length === 0 ? [] : [alarmLine(view)]),
    ...labelled('exposure', view.exposure, 2),
    ...(view.wayBack === null ? [] : labelled('way back', view.wayBack, 2)),
  ];
}

/** One row for all of them, those that are not OK first; a hundred that are OK are a number. */
function alarmLine({ alarms }: LiveView): Line {
  const loud = alarms.filter(({ verdict }) => verdict.icon !== '✔');
  const quiet = alarms.length - loud.length;
  const names = alarms.length === 1 ? alarms : loud;
  const each = names.flatMap(({ name, verdict: { icon, word, tone } }): Span[] => [
    { text: `${icon} ${shown(name, 40)} ${word}`, tone },
    { text: '  ' },
  ]);
  const rest = quiet > 0 && alarms.length > 1 ? [{ text: `✔ ${quiet} OK`, tone: 'good' as const }] : [];
  return [{ text: padTo('alarms', LABEL_COLUMNS), weight: 'faint' }, ...each, ...rest];
}

export function timelineLines({ timeline }: LiveView, inner: number): readonly Line[] {
  return timeline.slice(0, MAX_TIMELINE_LINES).map(({ clock, look, sentence, times }) => {
    const head = `${clock}  `;
    return [
      { text: head, weight: 'faint' },
      { text: `${look.icon} ${padTo(look.word, 12)}`, tone: look.tone },
      {
        text: ` ${shown(times === 1 ? sentence : `${times} times: ${sentence}`, Math.max(0, inner - widthOf(head) - 15))}`,
      },
    ];
  });
}

/** One line for a log: how it stands now. */
export function standingLine({ bake, headline, observed, checks }: LiveView): string {
  const worst = checks.find(({ canary }) => canary !== '–');
  const facts = [
    observed === null ? '' : observedText(observed),
    bake === null ? '' : bakeText(bake),
    worst === undefined
      ? ''
      : `${worst.label} ${worst.canary} vs ${worst.stable} ${worst.verdict.icon} ${worst.verdict.word}`,
  ].filter((fact) => fact !== '');
  const more = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  return shown(`${headline.icon} ${headline.what}${more}`, 400);
}

function bakeText({ elapsedSeconds, totalSeconds }: LiveBake): string {
  return `baking ${clockSpan(elapsedSeconds)} of ${clockSpan(totalSeconds)}`;
}
