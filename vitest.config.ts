// What `npm test` runs: everything offline and fast; slow suites have their own scripts.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    testTimeout: 20_000,
    // modules are loaded once for all files of a worker: twice as fast, and no test may leave anything behind
    isolate: false,
    pool: 'forks',
  },
});
