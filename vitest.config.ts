// What `npm test` runs: everything offline and fast; slow suites have their own scripts.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/{browser,e2e,terminal}/**'],
    testTimeout: 20_000,
    setupFiles: ['test/support/same-draws.ts'],
    // modules are loaded once for all files of a worker: twice as fast, and no test may leave anything behind
    isolate: false,
    pool: 'forks',
    // by default one core is left idle; half of two is a minute more
    maxWorkers: '100%',
  },
});
