// What `npm run test:e2e` runs: whole rollouts on emulators of AWS, which it starts and stops. See docs/testing.md.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/e2e/support/global-setup.ts'],
    // one engine for all: what breaks it on purpose must not run beside what needs it
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxConcurrency: 10,
  },
});
