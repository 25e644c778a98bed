// Keys that a service file does not know and that deserve more than «unknown»: keys that belong to another kind of check.
import { closest } from './closest.ts';
import { KNOWN_CHECKS } from './service-checks.ts';
import { ALL_CHECK_KEYS, isCustomCheck, keysOfKind, kindOfCheck } from './service-custom-checks.ts';
import { isMap, type WrittenMap } from './shapes.ts';
import type { ExplainKey } from './zod-problems.ts';

export const explainServiceKey: ExplainKey = (path, _value, parent) => {
  const [first, second, third] = path;
  if (first !== 'checks') return undefined;
  if (path.length === 2) return explainCheck(String(second));
  const isCustom = path.length === 3 && !KNOWN_CHECKS.includes(String(second));
  return isCustom && isMap(parent) && isCustomCheck(parent)
    ? explainKeyOfCheck(String(third), parent)
    : undefined;
};

function explainCheck(name: string): ReturnType<ExplainKey> {
  const meant = closest(name, KNOWN_CHECKS);
  return {
    code: 'unknown-key',
    what: `there is no check ${name}, and it has no metric that would make it one of your own`,
    allowed: `${KNOWN_CHECKS.join(', ')}, or a check of your own with a metric`,
    fix: meant === undefined ? 'Give it a metric, or remove it' : `Did you mean ${meant}?`,
  };
}

const KIND_WORDS = {
  rate: 'a rate (it has per)',
  value: 'a value (it has neither per nor hold)',
  gauge: 'a gauge (it has hold)',
} as const;

function explainKeyOfCheck(key: string, check: WrittenMap): ReturnType<ExplainKey> {
  const kind = kindOfCheck(check);
  const allowed = keysOfKind(kind);
  const meant = closest(key, ALL_CHECK_KEYS);
  const isOfOtherKind = meant === key;
  return {
    code: isOfOtherKind ? 'key-of-another-kind' : 'unknown-key',
    what: isOfOtherKind
      ? `this check is ${KIND_WORDS[kind]}, and such a check has no ${key}`
      : `a check has no key ${key}`,
    allowed: allowed.join(', '),
    fix: fixFor(key, kind, meant),
  };
}

function fixFor(key: string, kind: keyof typeof KIND_WORDS, meant: string | undefined): string {
  if (meant === undefined) return 'Remove it, or use one of the allowed keys';
  if (meant !== key) return `Did you mean ${meant}?`;
  if (kind === 'gauge') return `Remove ${key}; or remove hold, to compare the canary with stable`;
  return key === 'lag'
    ? 'Remove lag, or add per: request for a rate of events'
    : `Remove ${key}, or add hold`;
}
