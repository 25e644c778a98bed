// A replay as text for a person: the verdicts as they changed, what would have happened when, both versions side by side.
import { plainText } from '../core/plain-text.ts';
import type { ReplayOutcome } from '../core/report-document.ts';
import { EVENT_LOOKS, type EventLook, type Tone } from '../core/timeline.ts';
import { ukTime } from '../core/uk-time.ts';
import { formatCount, formatDuration, formatPercent } from '../core/units.ts';
import type { Recording } from '../replay/recording.ts';
import type { Replay } from '../replay/replay.ts';
import type { ReplayEntry, ReplayEvent } from '../replay/replay-walk.ts';
import { sideBySideLines } from './side-by-side.ts';
import { alignColumns } from './table.ts';
import { painter, type TimelineStyle, titleLines } from './timeline.ts';
import { wrap } from './wrap.ts';

/** What a story says of where it comes from. */
type Replayed = Pick<Recording, 'name' | 'version' | 'isClockKnown' | 'startedAtMs'>;

export interface ReplayTelling {
  readonly service: string;
  readonly recording: Replayed;
  readonly replay: Replay;
  /** What would be different with the changes of `--what-if`; null without any. */
  readonly whatIf: WhatIf | null;
  readonly notes: readonly string[];
}

interface WhatIf {
  /** As they were written. */
  readonly changes: readonly string[];
  readonly replay: Replay;
}

export function replayText(telling: ReplayTelling, style: TimelineStyle): string {
  const { service, recording, replay, whatIf, notes } = telling;
  const sideBySide = sideBySideLines(replay.checks, style.columns);
  return [
    ...titleLines(plainText(`${service}  ${recording.name}  version ${recording.version}`), style),
    '',
    ...replay.timeline.flatMap((entry) => entryLines(entry, recording, style)),
    '',
    ...endLines(replay, recording, style),
    ...(sideBySide.length === 0 ? [] : ['', ...sideBySide]),
    ...(whatIf === null ? [] : ['', ...whatIfLines(replay, whatIf, recording, style)]),
    ...(notes.length === 0 ? [] : ['', ...notes.flatMap((note) => wrap(plainText(note), style.width))]),
  ].join('\n');
}

const LOOKS: Readonly<Record<Exclude<ReplayEvent, keyof typeof EVENT_LOOKS>, EventLook>> = {
  pass: { icon: '✔', word: 'pass', tone: 'good' },
  hold: { icon: '…', word: 'hold', tone: 'caution' },
  inconclusive: { icon: '?', word: 'inconclusive', tone: 'caution' },
  rollback: { icon: '✖', word: 'rollback', tone: 'bad' },
  'raised-unproven': { icon: '!', word: 'went on', tone: 'caution' },
};
const ALL_LOOKS: Readonly<Record<ReplayEvent, EventLook>> = { ...EVENT_LOOKS, ...LOOKS };

const OUTCOME_WORDS: Readonly<
  Record<ReplayOutcome, { icon: string; what: string; word: string; tone: Tone }>
> = {
  PROMOTED: { icon: '✔', what: 'Would have been promoted', word: 'promoted', tone: 'good' },
  PASSED: { icon: '✔', what: 'Passed as far as it was recorded', word: 'passed so far', tone: 'good' },
  ROLLED_BACK: { icon: '✖', what: 'Would have been rolled back', word: 'rolled back', tone: 'bad' },
  INCONCLUSIVE: {
    icon: '?',
    what: 'Would have waited: not known at the end of the recording',
    word: 'inconclusive',
    tone: 'caution',
  },
};

export function outcomeWord(outcome: ReplayOutcome): string {
  return OUTCOME_WORDS[outcome].word;
}

const WORD_COLUMNS = 12;
const MIN_SENTENCE_COLUMNS = 24;
const NARROW_INDENT = 2;

function entryLines(entry: ReplayEntry, recording: Replayed, style: TimelineStyle): readonly string[] {
  const { icon, word, tone } = ALL_LOOKS[entry.event];
  const head = `${stamp(entry.atMs, recording)}  ${icon} ${word.padEnd(WORD_COLUMNS)}`;
  const isNarrow = style.width - head.length - 2 < MIN_SENTENCE_COLUMNS;
  const indent = isNarrow ? NARROW_INDENT : head.length + 2;
  const sentence = wrap(plainText(entry.sentence), Math.max(MIN_SENTENCE_COLUMNS, style.width - indent));
  const [first = '', ...rest] = isNarrow ? ['', ...sentence] : sentence;
  const painted = `${stamp(entry.atMs, recording)}  ${painter(tone, style.hasColour)(`${icon} ${word.padEnd(WORD_COLUMNS)}`)}`;
  return [`${painted}  ${first}`.trimEnd(), ...rest.map((line) => ' '.repeat(indent) + line)];
}

function endLines(replay: Replay, recording: Replayed, style: TimelineStyle): readonly string[] {
  const { icon, what, tone } = OUTCOME_WORDS[replay.outcome];
  const when = recording.isClockKnown ? ` at ${ukTime(replay.endedAtMs)}` : '';
  const columns = Math.max(MIN_SENTENCE_COLUMNS, style.width - 2);
  const { canaryRequests, badRequests } = replay.exposure;
  const facts = [
    `${afterText(replay)} after the first canary traffic, at ${formatPercent(replay.weightPercent)}`,
    `${formatCount(canaryRequests)} canary requests, ${formatCount(badRequests)} bad`,
  ].join(' · ');
  return [
    ...wrap(plainText(`${what}${when} — ${replay.reason.sentence}`), columns).map((line, index) =>
      painter(tone, style.hasColour)(`${index === 0 ? icon : ' '} ${line}`),
    ),
    ...wrap(facts, columns).map((line) => `  ${line}`),
  ];
}

function whatIfLines(
  asIs: Replay,
  { changes, replay: changed }: WhatIf,
  recording: Replayed,
  style: TimelineStyle,
): readonly string[] {
  const row = (name: string, cell: (replay: Replay) => string): string[] => [name, cell(asIs), cell(changed)];
  return [
    ...wrap(plainText(`What if ${changes.join(' and ')}`), style.width),
    ...alignColumns(
      [
        ['', 'as it is', 'what if'],
        row('outcome', ({ outcome }) => outcomeWord(outcome)),
        ...(recording.isClockKnown ? [row('at', ({ endedAtMs }) => ukTime(endedAtMs))] : []),
        row('after', afterText),
        row('weight', ({ weightPercent }) => formatPercent(weightPercent)),
        row('canary requests', ({ exposure }) => formatCount(exposure.canaryRequests)),
        row('bad requests', ({ exposure }) => formatCount(exposure.badRequests)),
      ],
      [],
      style.columns,
    ),
    ...wrap(plainText(changed.reason.sentence), style.width),
  ];
}

/** Time since the first canary traffic. */
function afterText({ fromMs, endedAtMs }: Replay): string {
  return formatDuration(Math.max(0, endedAtMs - fromMs) / 1000);
}

const CLOCK_COLUMNS = 'DD/MM/YYYY HH:MM:SS GMT'.length;
const ELAPSED_COLUMNS = 8;

function stamp(atMs: number, { isClockKnown, startedAtMs }: Replayed): string {
  return isClockKnown
    ? ukTime(atMs).padEnd(CLOCK_COLUMNS)
    : `+${formatDuration((atMs - startedAtMs) / 1000)}`.padEnd(ELAPSED_COLUMNS);
}
