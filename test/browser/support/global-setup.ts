// Starts one browser for all files of the suite, plays the rollouts whose reports it opens, and leaves only screenshots.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { findChromium } from './chromium.ts';
import { playRollouts, TREE } from './rollouts.ts';
import type { Opened } from './stage.ts';

const SCREENSHOTS = join(TREE, 'reports/screenshots');

/** Answers what vitest calls when all tests are over. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const found = findChromium(process.env['STEPSHIFT_CHROMIUM']);
  if ('missing' in found) return skipped(project, found.missing);

  const startedMs = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'stepshift-browser-'));
  const resources = new AsyncDisposableStack();
  resources.defer(() => rmSync(folder, { recursive: true, force: true }));
  try {
    rmSync(SCREENSHOTS, { recursive: true, force: true });
    mkdirSync(SCREENSHOTS, { recursive: true });
    // Chromium's own sandbox needs what containers and CI do not give; it opens nothing but files that were made here
    const server = await chromium.launchServer({ executablePath: found.path, args: ['--no-sandbox'] });
    resources.defer(() => server.close());
    const opened: Opened = {
      browserUrl: server.wsEndpoint(),
      folder,
      screenshots: SCREENSHOTS,
      rollouts: await playRollouts(folder),
    };
    project.provide('opened', opened);
    return async () => {
      await resources.disposeAsync();
      say(`took ${((Date.now() - startedMs) / 1000).toFixed(0)} s; screenshots: ${SCREENSHOTS}`);
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

function skipped(project: TestProject, why: string): () => Promise<void> {
  const isRequired = [process.env['CI'], process.env['STEPSHIFT_BROWSER_REQUIRED']].some((set) => set);
  if (isRequired) throw new Error(`the browser suite cannot run: ${why}`);
  say(`SKIPPED: ${why}. Nothing was shown about how reports look. What it needs: docs/testing.md`);
  project.provide('opened', null);
  return async () => {};
}

/** Past vitest's reporter, so that it is seen whatever reporter is asked for. */
function say(text: string): void {
  process.stderr.write(`browser: ${text}\n`);
}
