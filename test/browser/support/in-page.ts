// What is measured inside of a page. The compiler knows no browser here, so these are texts of JavaScript that the page runs.
import type { Page } from 'playwright-core';
import type { RolloutReport } from '../../../src/core/report.ts';

export interface Sideways {
  /** Pixels by which the page can be moved sideways. */
  readonly overflowPixels: number;
  /** Elements that reach out of the window, but those inside of a box that scrolls or cuts by itself. */
  readonly outside: readonly string[];
}

const SIDEWAYS = `(() => {
  const root = document.documentElement;
  const isHeld = (element) => {
    for (let box = element.parentElement; box !== null && box !== document.body; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== 'visible') return true;
    return false;
  };
  const isOutside = (element) => {
    const { left, right, width } = element.getBoundingClientRect();
    return width > 1 && (right > root.clientWidth + 0.5 || left < -0.5) && getComputedStyle(element).clipPath === 'none';
  };
  const outside = [...document.body.querySelectorAll('*')]
    .filter((element) => element.checkVisibility() && isOutside(element) && !isHeld(element))
    .map((element) => element.tagName + '.' + String(element.className?.baseVal ?? element.className));
  return { overflowPixels: root.scrollWidth - root.clientWidth, outside: [...new Set(outside)] };
})()`;

export function sideways(page: Page): Promise<Sideways> {
  return page.evaluate<Sideways>(SIDEWAYS);
}

export interface SeenChart {
  readonly name: string;
  /** Whether its data hold a value of the canary, or of its weight. */
  readonly hasValues: boolean;
  /** The chart that the script made is visible. */
  readonly isLive: boolean;
  /** Pixels of that chart in exactly the canary's colour: its line. */
  readonly linePixels: number;
  /** Drawings of the file itself that are visible. */
  readonly drawings: number;
  /** Lines of the canary with a length, in those. */
  readonly lines: number;
}

const CHARTS = `[...document.querySelectorAll('figure.plot')].map((figure) => {
  const canvas = figure.querySelector('canvas');
  const isLive = canvas !== null && canvas.checkVisibility() && canvas.width > 0;
  let linePixels = 0;
  if (isLive) {
    const [, r, g, b] = /#(..)(..)(..)/.exec(getComputedStyle(figure).getPropertyValue('--canary')).map((hex) => parseInt(hex, 16));
    // read from a copy: reading the chart itself would move it out of the graphics card
    const copy = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
    const context = copy.getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4)
      if (data[at] === r && data[at + 1] === g && data[at + 2] === b && data[at + 3] === 255) linePixels += 1;
  }
  const drawings = [...figure.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().height > 0);
  const lines = drawings
    .flatMap((svg) => [...svg.querySelectorAll('.canary-line, .canary-dot, .weight-line')])
    .filter((line) => line.getBoundingClientRect().width > 0);
  const { series } = JSON.parse(figure.querySelector('script.plot-data').textContent);
  return {
    name: figure.dataset.plot,
    hasValues: series.some(({ role, values }) => (role === 'canary' || role === 'weight') && values.some((value) => value !== null)),
    isLive,
    linePixels,
    drawings: drawings.length,
    lines: lines.length,
  };
})`;

/** All charts that are not folded away. */
export function seenCharts(page: Page): Promise<readonly SeenChart[]> {
  return page.evaluate<readonly SeenChart[]>(CHARTS);
}

/** The report as it stands in the file for other programs. */
export async function embeddedReport(page: Page): Promise<RolloutReport> {
  return JSON.parse((await page.locator('#stepshift-report').textContent()) ?? '');
}

/** Opens everything that is folded away, as a reader would. Needs no scripts of the page. */
export async function unfold(page: Page): Promise<void> {
  await page.evaluate(
    `for (const summary of document.querySelectorAll('details:not([open]) > summary')) summary.click()`,
  );
}

/** Until the page has drawn what was asked of it: observers run after a frame. Never comes where scripts are off. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(
    `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve))))`,
  );
}

/** As a reader sees it: what is not displayed is not in it. Several spaces become one. */
export async function shownText(page: Page, selector: string): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: a reader does not see what textContent has beside it
  return (await page.locator(selector).innerText()).replace(/\s+/gu, ' ');
}
