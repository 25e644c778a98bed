// Metric math in a service file: which series an expression names, and what cannot be asked in one answer with others.
import type * as z from 'zod';
import { closest } from './closest.ts';
import { refuse } from './service-rules.ts';

const MAX_SERIES = 10;

/** These take in series that the expression does not name: every other one of the request, or any that matches. */
const UNBOUND_FUNCTIONS: readonly string[] = ['METRICS', 'SEARCH', 'SELECT', 'INSIGHT_RULE_METRIC'];

function withoutTexts(expression: string): string {
  return expression.replaceAll(/"[^"]*"|'[^']*'/g, ' ');
}

/** Names in an expression, texts and numbers left out. Functions are in capitals, series begin with a small letter. */
function namesInMath(expression: string): readonly string[] {
  const names = withoutTexts(expression).matchAll(/(?<![\w.])[A-Za-z_]\w*/g);
  return [...new Set([...names].map(([name]) => name))];
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']' };

/** The first bracket that has no partner, and what is wrong with it; undefined where all have one. */
function loneBracket(expression: string): string | undefined {
  const open: string[] = [];
  for (const [bracket] of withoutTexts(expression).matchAll(/[()[\]]/g)) {
    if (bracket in CLOSING) open.push(bracket);
    else if (CLOSING[open.pop() ?? ''] !== bracket) return `${bracket} closes nothing`;
  }
  const last = open.at(-1);
  return last === undefined ? undefined : `${last} is not closed`;
}

export function checkMath(
  payload: z.core.ParsePayload<{ readonly math: string; readonly series: Readonly<Record<string, unknown>> }>,
): void {
  const { math, series } = payload.value;
  const ids = Object.keys(series);
  if (ids.length === 0 || ids.length > MAX_SERIES) {
    refuse(payload, ['series'], `there are ${ids.length} series`, {
      code: 'out-of-range',
      allowed: `1 to ${MAX_SERIES} series`,
      fix: ids.length === 0 ? 'Add the series that the math is over' : 'Use fewer series',
    });
    return;
  }
  const lone = loneBracket(math);
  if (lone !== undefined) {
    refuse(payload, ['math'], `the brackets of the math do not match: ${lone}`, {
      code: 'unbalanced-math',
      allowed: 'as many closing brackets as opening ones, each after its own',
      fix: 'Add the bracket that is missing, or remove the one that is too many',
    });
  }
  const names = namesInMath(math);
  for (const name of names.filter((each) => /^[a-z]/.test(each) && !ids.includes(each))) {
    const meant = closest(name, ids);
    refuse(payload, ['math'], `the math names ${name}, and there is no such series`, {
      code: 'unknown-series',
      allowed: `${ids.join(', ')}, and functions in capitals`,
      fix: meant === undefined ? `Add ${name} under series` : `Did you mean ${meant}?`,
    });
  }
  for (const name of names.filter((each) => UNBOUND_FUNCTIONS.includes(each))) {
    refuse(payload, ['math'], `the math uses ${name}, which takes in series that it does not name`, {
      code: 'unbound-math',
      allowed: 'functions of the series under series',
      fix: 'Name every series under series and use its id',
    });
  }
  for (const id of ids.filter((each) => !names.includes(each))) {
    refuse(payload, ['series', id], `the series ${id} is not used by the math`, {
      code: 'unused-series',
      allowed: 'series that the math names',
      fix: `Use ${id} in the math, or remove it`,
    });
  }
}
