// How verdicts and the actions of check rows look: an icon and a word for each.
import type { Tone } from '../core/timeline.ts';
import type { CheckReading, Verdict } from '../core/verdict.ts';
import type { Html } from './html.ts';
import { look } from './parts.ts';

const VERDICT_LOOKS: Readonly<Record<Verdict['kind'], readonly [Tone, icon: string]>> = {
  pass: ['good', '✔'],
  hold: ['caution', '…'],
  rollback: ['bad', '✖'],
  inconclusive: ['caution', '?'],
};

export function verdictLook(verdict: Verdict['kind']): Html {
  return look(...VERDICT_LOOKS[verdict], verdict);
}

const ACTION_LOOKS: Readonly<Record<CheckReading['action'], readonly [Tone, icon: string]>> = {
  acceptable: ['good', '✔'],
  'monitor closely': ['neutral', '●'],
  investigate: ['caution', '!'],
  'consider rollback': ['bad', '✖'],
  'cannot tell yet': ['neutral', '…'],
};

export function actionLook(action: CheckReading['action']): Html {
  return look(...ACTION_LOOKS[action], action);
}
