// Which call a run aims at, and the story that leads there: most calls are met by any rollout, some only on rare ways.
import type { FaultKind } from './fault-kinds.ts';
import type { Act, Aim, StepName, TargetMode } from './plan.ts';
import type { CanaryWish } from './plan-draws.ts';
import { draw } from './streams.ts';

export interface Story {
  readonly target: TargetMode | null;
  /** Nothing else may go wrong on the way there. */
  readonly isClear: boolean;
  /** It takes more than one stage. */
  readonly isLong: boolean;
  /** People are asked where nothing is known. */
  readonly isAsking: boolean;
  readonly canary: CanaryWish;
  readonly kinds: readonly FaultKind[];
  readonly acts: readonly Act[];
  readonly aims: readonly Aim[];
}

const NO_STORY: Story = {
  target: null,
  isClear: false,
  isLong: false,
  isAsking: false,
  canary: null,
  kinds: [],
  acts: [],
  aims: [],
};

/** The calls take turns, and so does what is done to each: most often the first one kills its invocation. */
const TURNS = [
  'first',
  'first',
  'other',
  'first',
  'none',
  'first',
  'later',
  'none',
  'first',
  'none',
] as const;
const OTHERS = ['late-landing', 'lost-answer', 'duplicate-send'] as const;

export function drawAim(seed: number, points: readonly string[]): Aim | null {
  const point = points[seed % Math.max(1, points.length)];
  const turn = TURNS[Math.floor(seed / Math.max(1, points.length)) % TURNS.length];
  if (point === undefined || turn === 'none') return null;
  const nth = turn === 'later' ? 2 + Math.floor(draw(seed, 'aim nth') * 4) : 1;
  return { point, kind: turn === 'other' ? pickBy(OTHERS, draw(seed, 'aim kind')) : 'crash', nth };
}

function pickBy<T>(from: readonly [T, ...T[]], uniform: number): T {
  return from[Math.floor(uniform * from.length)] ?? from[0];
}

export function storyOf(aim: Aim | null, seed: number): Story {
  if (aim === null) return NO_STORY;
  const [step, api = ''] = aim.point.split('/') as [StepName, string?];
  return { ...NO_STORY, target: targetOf(api, seed), ...storyOfStep(step, api, seed) };
}

function targetOf(api: string, seed: number): TargetMode | null {
  if (api.startsWith('lambda.')) return 'lambda';
  if (!api.startsWith('alb.')) return null;
  // only a rule of the rollout's own is made, tagged and deleted; the base rule is changed in place above all
  const ownShare = /CreateRule|DeleteRule|DescribeTags/.test(api) ? 1 : /ModifyRule/.test(api) ? 0.2 : 0.5;
  return draw(seed, 'aim target') < ownShare ? 'alb' : 'alb-in-place';
}

function storyOfStep(step: StepName, api: string, seed: number): Partial<Story> {
  switch (step) {
    case 'settle-promotion':
      return { ...CLEAR, aims: [...lost('commit-promotion/store.commitPromotion', 6), SETTLE_LOST] };
    case 'commit-promotion':
    case 'finish-promotion':
      return { canary: 'good', isClear: draw(seed, 'clear') < 0.9 };
    case 'abandon-rollout':
      return abandoned(api, seed);
    case 'guard-rollout':
      return stopped(api, seed, []);
    case 'sweep-rollouts':
      return draw(seed, 'stop') < 0.8 ? stopped(api, seed, ['events-all-dropped']) : {};
    case 'roll-back':
      return { canary: draw(seed, 'bad') < 0.6 ? 'bad' : null, isClear: draw(seed, 'clear') < 0.6 };
    case 'handle-alarm-event':
      return api === 'alarms.DescribeAlarms'
        ? { ...CLEAR, acts: oldAlarm(seed) }
        : { isClear: true, acts: [act('alarm-fires', onBake(seed), seed)] };
    case 'signal-rollout':
      return signalled(api, seed);
    case 'judge-canary':
    case 'shift-traffic':
      return api === 'store.latch' || api === 'store.readRow' ? lowered(step, seed) : {};
    default:
      return {};
  }
}

const CLEAR = { isClear: true, canary: 'good' } as const;
const SETTLE_LOST: Aim = { point: 'settle-promotion/store.beginRevert', kind: 'lost-answer', nth: 1 };

/** Every try has its effect and loses its answer: only the record can tell what happened. */
function lost(point: string, times: number): readonly Aim[] {
  return Array.from({ length: times }, (_, index) => ({ point, kind: 'lost-answer', nth: index + 1 }));
}

/** Refused at the gates, or given up when the target was prepared already. */
function abandoned(api: string, seed: number): Partial<Story> {
  const isPrepared =
    !['store.readRow', 'store.close', 'events.PutEvents'].includes(api) || draw(seed, 'prepared') < 0.5;
  if (!isPrepared) return { kinds: ['start-other'], acts: [act('alarm-fires', { atMs: 0 }, seed)] };
  if (!api.startsWith('alb.')) return { ...CLEAR, aims: lost('start-rollout/store.recordPrepared', 6) };
  return { ...CLEAR, acts: [act('canary-unhealthy', { atMs: 0 }, seed, 600_000)] };
}

/** The execution is stopped: anywhere, or when the point of no return was passed and nobody is at work on it. */
function stopped(api: string, seed: number, kinds: readonly FaultKind[]): Partial<Story> {
  const lateShare =
    api === 'store.readFence' ? 1 : /Update|Modify|Delete|close|recordFact/.test(api) ? 0.4 : 0;
  if (draw(seed, 'stopped late') >= lateShare) {
    return { ...CLEAR, kinds, acts: [act('stop-execution', onBake(seed), seed)] };
  }
  const when = { step: 'finish-promotion', nth: 1, plusMs: 0 } as const;
  const aims: Aim[] = [{ point: 'finish-promotion/store.readRow', kind: 'crash', nth: 1 }];
  return { ...CLEAR, kinds, aims, acts: [act('stop-execution', when, seed)] };
}

/** A person lowers the weight between two looks. */
function lowered(step: StepName, seed: number): Partial<Story> {
  const when = step === 'judge-canary' ? onBake(seed) : { step, nth: 2, plusMs: 0 };
  return { ...CLEAR, isLong: true, acts: [act('hand-lowers', when, seed)] };
}

/** A person speaks while a token waits, or there is nothing to say. */
function signalled(api: string, seed: number): Partial<Story> {
  if (api === 'store.readAudit') return doubtful(seed);
  if (draw(seed, 'spoken') < 0.3) return { kinds: ['abort', 'pause', 'promote', 'strange-signal'] };
  const isAbort = api === 'tokens.SendTaskFailure' || api === 'store.latch';
  const kind = isAbort ? 'abort' : pickBy(['pause', 'promote', 'abort'] as const, draw(seed, 'says'));
  const wanted = api === 'tokens.SendTaskSuccess' || api === 'store.signal' ? 'pause' : kind;
  return { isClear: true, acts: [act(wanted, onBake(seed), seed)] };
}

/** Nothing is known of the canary, so that a person is asked; another one answers what nobody asked. */
function doubtful(seed: number): Partial<Story> {
  return {
    ...CLEAR,
    isAsking: true,
    kinds: ['strange-signal'],
    acts: [act('metric-forbidden', { step: 'bake', nth: 1, plusMs: 0 }, seed, 1_200_000)],
  };
}

/** An alarm event that is eleven minutes old, for a rollout that is older. */
function oldAlarm(seed: number): readonly Act[] {
  const forged = act('event-forged', { atMs: 750_000 }, seed);
  return [act('pause', onBake(seed), seed, 900_000), { ...forged, dice: [0, 0, 0] }];
}

function onBake(seed: number): Act['when'] {
  const nth = 1 + Math.floor(draw(seed, 'aim bake') * 4);
  return { step: 'bake', nth, plusMs: Math.floor(draw(seed, 'aim plus') * 2000) };
}

function act(kind: FaultKind, when: Act['when'], seed: number, durationMs = 60_000): Act {
  const dice = [
    draw(seed, `aim ${kind} a`),
    draw(seed, `aim ${kind} b`),
    draw(seed, `aim ${kind} c`),
  ] as const;
  return { id: `${kind} aimed`, kind, when, durationMs, dice };
}
