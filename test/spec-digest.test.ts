// The digest pins what a spec means, not how it is ordered.
import { expect, test } from 'vitest';
import { parseServiceFile } from '../src/core/service-file.ts';
import { specDigest } from '../src/spec-digest.ts';

const spec = parseServiceFile({ service: 'a', target: { lambdaAlias: { function: 'f', alias: 'live' } } });

test('equal specs have equal digests, whatever the order of their keys', () => {
  const reversed = Object.fromEntries(Object.entries(spec).reverse()) as typeof spec;
  expect(specDigest(reversed)).toBe(specDigest(spec));
  expect(specDigest(spec)).toMatch(/^[0-9a-f]{64}$/);
});

test('any change of meaning changes the digest', () => {
  expect(specDigest({ ...spec, maxHoldSeconds: spec.maxHoldSeconds + 1 })).not.toBe(specDigest(spec));
  expect(specDigest({ ...spec, stages: spec.stages.slice(1) })).not.toBe(specDigest(spec));
});
