// The CDK app as it is run: options are checked, and a mistake in a service file is told without a stack trace.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { readContext } from '../../lib/context.ts';
import { InvalidInputError } from '../../src/core/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'stepshift-services-'));
const APP = fileURLToPath(new URL('../../bin/stepshift-app.ts', import.meta.url));

afterAll(() => rmSync(folder, { recursive: true }));

function runApp(context: Record<string, string>) {
  return spawnSync(process.execPath, [APP], {
    cwd: folder,
    encoding: 'utf8',
    env: { CDK_OUTDIR: join(folder, 'cdk.out'), CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
}

describe('the options of the app', () => {
  const read = (context: Record<string, unknown>) => readContext(new App({ context }).node);

  it('have defaults', () => {
    expect(read({})).toEqual({
      engineName: 'StepshiftEngine',
      servicesFolder: null,
      permissionsBoundary: null,
      engine: { tickSeconds: 60, publishMachineVersion: true },
    });
  });

  it('are read from the texts that the command line gives', () => {
    const context = {
      engine: 'Paris',
      services: 'mine',
      tickSeconds: '2',
      publishMachineVersion: 'false',
      permissionsBoundary: 'arn:aws:iam::123456789012:policy/Boundary',
      reservedConcurrency: '5',
    };
    expect(read(context)).toEqual({
      engineName: 'Paris',
      servicesFolder: 'mine',
      permissionsBoundary: 'arn:aws:iam::123456789012:policy/Boundary',
      engine: { tickSeconds: 2, publishMachineVersion: false, reservedConcurrency: 5 },
    });
  });

  it.each([
    [{ engine: 'has space' }],
    [{ engine: 'x'.repeat(41) }],
    [{ tickSeconds: '0' }],
    [{ tickSeconds: 'soon' }],
    [{ publishMachineVersion: 'perhaps' }],
    [{ permissionsBoundary: 'Boundary' }],
    [{ permissionsBoundary: 'arn:aws:iam::123456789012:role/Boundary' }],
    [{ reservedConcurrency: '0' }],
    [{ reservedConcurrency: '1.5' }],
    [{ reservedConcurrency: 'some' }],
  ])('are refused when they make no sense: %j', (context) => {
    expect(() => read(context)).toThrow(InvalidInputError);
  });
});

describe('a mistake in the service files', () => {
  it('ends the app with the place and the fix of every one, and no stack trace', () => {
    const target = 'target: { lambdaAlias: { function: f, alias: live } }\n';
    writeFileSync(join(folder, 'a.yaml'), `service: a\n${target}stagse: quick\n`);
    writeFileSync(join(folder, 'b.yaml'), `service: B!\n${target}`);
    writeFileSync(join(folder, 'c.yaml'), `service: c\n${target}`);
    writeFileSync(join(folder, 'd.yaml'), `service: c\n${target}`);
    const { status, stderr } = runApp({ services: folder });
    expect(status).toBe(1);
    expect(stderr).toContain(`${join(folder, 'a.yaml')}:3:1`);
    expect(stderr).toContain(`${join(folder, 'b.yaml')}:1:`);
    expect(stderr).toContain('duplicate-service');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('includes a folder that is not there', () => {
    const { status, stderr } = runApp({ services: 'nowhere' });
    expect(status).toBe(1);
    expect(stderr).toContain('unreadable-folder');
  });
});

describe('a mistake in an option', () => {
  it('ends the app with the option, what it got, what is allowed and the fix', () => {
    const { status, stderr } = runApp({ permissionsBoundary: 'Boundary', reservedConcurrency: 'all' });
    expect(status).toBe(1);
    for (const part of [
      '-c permissionsBoundary=…',
      'Got: Boundary',
      'Allowed: the ARN of a managed policy of this account',
      'Fix: Correct permissionsBoundary, for example arn:aws:iam::123456789012:policy/Boundary',
      '-c reservedConcurrency=…',
      'Got: all',
      'Allowed: a whole number from 1 to 1000',
      'Fix: Write a number, for example 5',
    ]) {
      expect(stderr).toContain(part);
    }
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
