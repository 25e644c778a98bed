// A page in the suite's browser that shows one file and writes down everything that a report must never do.
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import type { PlayedRollout } from './rollouts.ts';

export interface Opened {
  readonly browserUrl: string;
  /** Gone when the suite ends. */
  readonly folder: string;
  readonly screenshots: string;
  readonly rollouts: readonly PlayedRollout[];
}

declare module 'vitest' {
  interface ProvidedContext {
    /** null: the suite is skipped. */
    readonly opened: Opened | null;
  }
}

export interface OpenReport extends AsyncDisposable {
  readonly page: Page;
  /** Console errors, exceptions, dialogs, violations of the content policy, requests; in order. */
  readonly misdeeds: readonly string[];
}

export const WIDE = { width: 1280, height: 900 } as const;
export const NARROW = { width: 400, height: 800 } as const;

/** Only where `inject('opened')` is not null. */
export function openedSuite(): Opened {
  const opened = inject('opened');
  if (opened === null) throw new Error('no browser runs: the suite is skipped');
  return opened;
}

export function rolloutNamed(name: string): PlayedRollout {
  const rollout = openedSuite().rollouts.find((played) => played.name === name);
  if (rollout === undefined) throw new Error(`no rollout ${name} was played`);
  return rollout;
}

let connection: Promise<Browser> | undefined;

/** Use with `await using`, so that it is closed at the end of the test. */
export async function openReport(file: string, options: BrowserContextOptions = {}): Promise<OpenReport> {
  connection ??= chromium.connect(openedSuite().browserUrl);
  const browser = await connection;
  const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce', ...options });
  const misdeeds: string[] = [];
  const page = await context.newPage();
  const { href: url } = pathToFileURL(file);
  // refused as well, so that a report which needs one is seen without it
  await page.route('**/*', (route) => {
    if (route.request().url() === url) return route.continue();
    misdeeds.push(`request: ${route.request().url()}`);
    return route.abort();
  });
  page.on('console', (message) => misdeeds.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => misdeeds.push(`exception: ${error.message}`));
  page.on('popup', () => misdeeds.push('popup'));
  page.on('dialog', (dialog) => {
    misdeeds.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  await page.goto(url);
  return { page, misdeeds, [Symbol.asyncDispose]: () => context.close() };
}
