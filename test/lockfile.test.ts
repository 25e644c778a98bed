// The lockfile must name every optional platform package, or `npm ci` refuses it on a registry that lacks one.
import { expect, it } from 'vitest';
import { read } from './support/architecture.ts';

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

it('has an entry for every optional dependency of every package', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };
  const installed = Object.keys(packages);
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !installed.some((other) => other.endsWith(`node_modules/${name}`)))
      .map((name) => `${path} wants ${name}`),
  );
  expect(installed.length).toBeGreaterThan(200);
  expect(missing).toEqual([]);
});
