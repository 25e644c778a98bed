// «Did you mean …» proposes what was meant and stays silent otherwise.
import { expect, test } from 'vitest';
import { closest } from '../../src/core/closest.ts';

const KEYS = ['service', 'stages', 'checks', 'maxHold', 'onInconclusive', 'alias'];

test.each([
  ['maxhold', 'maxHold'],
  ['alais', 'alias'],
  ['stage', 'stages'],
  ['check', 'checks'],
  ['onInconclusiv', 'onInconclusive'],
])('%s was meant as %s', (word, meant) => {
  expect(closest(word, KEYS)).toBe(meant);
});

test.each(['schedule', 'x', '', 'dependsOn', 'a'.repeat(5000)])('nothing is near %s', (word) => {
  expect(closest(word, KEYS)).toBeUndefined();
});
