// The house rules, checked over every file, and proof that each check can fail.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PORT_GRANTS } from '../lib/grants.ts';
import { workflow } from '../src/core/workflow.ts';
import { STEPS } from '../src/steps/index.ts';
import {
  importProblems,
  importsOf,
  purityProblems,
  ROOT,
  read,
  sourceFiles,
} from './support/architecture.ts';

const FILES = sourceFiles('src', 'lib', 'lambdas', 'bin', 'gameday');

describe('rooms and directions', () => {
  it('lets every file import only what its room may', () => {
    expect(FILES.flatMap((file) => importProblems(file, read(file)))).toEqual([]);
  });

  it('keeps clock, I/O and randomness out of the core', () => {
    const core = FILES.filter((file) => file.startsWith('src/core/'));
    expect(core.length).toBeGreaterThan(20);
    expect(core.flatMap((file) => purityProblems(file, read(file)))).toEqual([]);
  });

  it('begins every file with a comment that says what it is for', () => {
    const silent = FILES.filter((file) => !/^(#!.*\n)?\/\/ \S/.test(read(file)));
    expect(silent).toEqual([]);
  });

  it.each([
    ['an I/O import', `import { readFileSync } from 'node:fs';`],
    ['an SDK', `import { LambdaClient } from '@aws-sdk/client-lambda';`],
    ['a dynamic import', `await import('node:fs');`],
    ['a step', `import { bake } from '../steps/bake.ts';`],
  ])('refuses a core file with %s', (_what, source) => {
    expect(importProblems('src/core/sample.ts', source)).toHaveLength(1);
  });

  it.each([
    ['Date.now', 'export const at = Date.now();'],
    ['Math.random', 'export const luck = Math.random();'],
    ['new Date()', 'export const at = new Date();'],
    ['the environment', 'export const region = process.env["AWS_REGION"];'],
    ['a timer', 'setTimeout(() => undefined, 1);'],
  ])('refuses a core file that uses %s', (_what, source) => {
    expect(purityProblems('src/core/sample.ts', source).length).toBeGreaterThan(0);
  });

  it('lets the core build a Date from a number', () => {
    expect(
      purityProblems('src/core/sample.ts', 'export const iso = (ms: number) => new Date(ms).toISOString();'),
    ).toEqual([]);
  });

  it('refuses an adapter in a step and an SDK client in the CDK app', () => {
    expect(importProblems('src/steps/bake.ts', `import '../aws/errors.ts';`)).toHaveLength(1);
    expect(importProblems('lib/engine-stack.ts', `import '@aws-sdk/client-sfn';`)).toHaveLength(1);
  });
});

describe('one stem everywhere', () => {
  const steps = Object.entries(STEPS);

  it.each(steps)('%s has its file, its Lambda, its test and a camel-case export', (stem, step) => {
    expect(step.name).toBe(stem);
    for (const file of [`src/steps/${stem}.ts`, `lambdas/${stem}.ts`, `test/steps/${stem}.test.ts`]) {
      expect(existsSync(join(ROOT, file)), file).toBe(true);
    }
    const camel = stem.replaceAll(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    expect(read(`lambdas/${stem}.ts`)).toContain(`lambdaHandler(${camel},`);
  });

  it('has no Lambda without a step', () => {
    const stems = sourceFiles('lambdas').map((file) => file.replace('lambdas/', '').replace('.ts', ''));
    expect(stems.sort()).toEqual(steps.map(([stem]) => stem).sort());
  });

  it.each(steps)('the state of %s carries its name', (stem, step) => {
    if (step.trigger.kind !== 'state') return;
    const phrase = stem.replaceAll('-', ' ');
    const states = step.trigger.states.map((state) => state.toLowerCase());
    expect(states.every((state) => state.startsWith(phrase))).toBe(true);
    for (const state of step.trigger.states)
      expect(workflow({ tickSeconds: 60 }).States[state].Type).toBe('Task');
  });

  it('gives every port that a step uses one row of grants', () => {
    const used = new Set(steps.flatMap(([, step]) => step.uses as readonly string[]));
    expect(Object.keys(PORT_GRANTS).sort()).toEqual([...used].sort());
  });

  it('keeps doorways small: imports and one handler', () => {
    for (const file of sourceFiles('lambdas')) {
      const statements = read(file)
        .split('\n')
        .filter((line) => /^(export|const|let|function|if|for)\b/.test(line));
      expect(statements, file).toHaveLength(1);
      expect(importsOf(file, read(file)).length, file).toBeGreaterThan(1);
    }
  });
});
