// The style sheet of the charts: the static drawings, and what stands in their place once a chart script has run.

export const CHART_CSS = `
.plot{margin:0 0 12px}
figcaption{color:var(--soft);font-size:.87rem;margin-top:4px}
.chart{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
.chart text{fill:var(--soft)}
.chart .middle{text-anchor:middle}.chart .end{text-anchor:end}
.chart path,.chart line{fill:none;stroke-width:2}
.chart .grid{stroke:var(--rule);stroke-width:1}
.chart .weight-line,.chart .canary-line{stroke:var(--canary)}.chart path.weight-area{fill:var(--area);stroke:none}
.chart .observed-line{stroke:var(--ink);stroke-width:1.3;stroke-dasharray:5 3}
.chart .canary-dot{fill:var(--canary)}
.chart .stable-line{stroke:var(--stable);stroke-dasharray:6 3}.chart .stable-dot{fill:var(--stable)}
.chart .limit-line{stroke:var(--bad);stroke-dasharray:2 4}.chart .limit-dot{fill:var(--bad)}
.chart .band{fill:var(--area);stroke:var(--area)}
.chart .shade{fill:var(--hatch);stroke:var(--bad);stroke-width:1;stroke-dasharray:2 3}
.chart .step{fill:var(--canary);font-weight:600}
.chart .marks line{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 3}
.chart .marks rect{fill:var(--ink)}.chart .marks text{fill:var(--card);font-weight:600;font-size:11px}
.chart.narrow{display:none}
.uplot .u-legend{font-size:12.5px}.uplot .u-legend :is(th,td){border:0;padding:1px 3px}
@media screen{.plot.drawn>.chart{display:none!important}}
`;
