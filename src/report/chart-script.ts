// The report's own script: the source of functions that need nothing from outside, put together to run once in a browser.
import { CHARTS_SOURCE, drawCharts } from './client-charts.ts';
import { ukClock } from './client-clock.ts';
import { OVERLAY_SOURCE, overlay } from './client-overlay.ts';
import { RANGES_SOURCE, ranges } from './client-ranges.ts';

/** Goes after uPlot's own script. Without uPlot, or where anything fails, the drawings of the report stay as they are. */
export const CHART_SCRIPT = `(function () {
'use strict';
${ukClock}
${OVERLAY_SOURCE}
${RANGES_SOURCE}
${CHARTS_SOURCE}
${drawCharts.name}({
  page: globalThis,
  clock: ${ukClock.name}(),
  overlay: ${overlay.name}(),
  ranges: ${ranges.name}(),
});
})();`;
