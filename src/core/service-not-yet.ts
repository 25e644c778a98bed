// What people may expect in a service file and we do not do yet: said, not ignored.
import type { ExplainKey } from './zod-problems.ts';

/** Keys that are planned for but not judged yet: refused with that sentence, because ignoring one would promise too much. */
export const explainServiceKey: ExplainKey = (path, value) => {
  const [first, second, third] = path;
  if (first === 'checks' && second === 'latency' && third === 'tolerance') {
    return {
      code: 'not-judged-yet',
      what: 'comparing latency with stable is not judged yet',
      allowed: 'checks.latency.limit, an absolute limit',
      fix: 'Use checks.latency.limit, or remove the key',
    };
  }
  if (first === 'checks' && path.length === 2 && isMap(value) && 'metric' in value) {
    return {
      code: 'not-judged-yet',
      what: `the check ${String(second)} is not judged yet`,
      allowed: 'the checks errors, latency and alarms',
      fix: 'Put an alarm on the metric and name it in checks.alarms',
    };
  }
  if (first === 'stages' && third === 'approval') {
    return {
      code: 'not-supported-yet',
      what: 'approvals are not supported yet',
      allowed: 'weight and bake',
      fix: 'Remove approval; a stage is left only when it is shown to be safe',
    };
  }
  return undefined;
};

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
