// Metric math in a service file: which series an expression names, and what cannot be asked in one answer with others.
import type * as z from 'zod';
import { closest } from './closest.ts';
import { refuse } from './service-rules.ts';

const MAX_SERIES = 10;

/** These take in series that the expression does not name: every other one of the request, or any that matches. */
const UNBOUND_FUNCTIONS: readonly string[] = ['METRICS', 'SEARCH', 'SELECT', 'INSIGHT_RULE_METRIC'];

/** Names in an expression, texts and numbers left out. Functions are in capitals, series begin with a small letter. */
function namesInMath(expression: string): readonly string[] {
  const code = expression.replaceAll(/"[^"]*"|'[^']*'/g, ' ');
  return [...new Set([...code.matchAll(/(?<![\w.])[A-Za-z_]\w*/g)].map(([name]) => name))];
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
