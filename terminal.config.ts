// What `npm run test:terminal` runs: the command line as processes of its own, in pipes and in real pseudo-terminals, made
// by Python's pty module.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/terminal/**/*.test.ts'],
    testTimeout: 60_000,
    maxConcurrency: 4,
  },
});
