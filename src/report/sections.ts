// The sections of the report, each from the model alone.

import type { RolloutReport } from '../core/report.ts';
import { cellsOf } from '../core/report-cells.ts';
import { headlineOf, type KeyNumber, keyNumbersOf } from '../core/report-summary.ts';
import { EVENT_LOOKS, type Tone } from '../core/timeline.ts';
import { ukTime } from '../core/uk-time.ts';
import { formatCount, formatDuration, formatPercent } from '../core/units.ts';
import type { CheckReading } from '../core/verdict.ts';
import { renderChart } from './chart.ts';
import { type Html, html, said } from './html.ts';

export function verdictSection(report: RolloutReport): Html {
  const { icon, what, tone } = headlineOf(report);
  const end = report.endedAt === null ? 'not ended' : `ended ${ukTime(Date.parse(report.endedAt))}`;
  return html`<div class="${`verdict ${tone}`}">
<p class="what"><span aria-hidden="true">${icon}</span> ${said(what, 300)}</p>
<p class="why">${said(report.reason.sentence, 700)}</p>
<p class="when">Started ${ukTime(Date.parse(report.startedAt))} · ${end}</p>
</div>
<dl class="numbers">${keyNumbersOf(report).map(keyNumber)}</dl>
`;
}

function keyNumber({ label, value, note }: KeyNumber): Html {
  return html`<div><dt>${label}</dt><dd class="value">${value}</dd><dd class="note">${note}</dd></div>`;
}

export function chartSection(report: RolloutReport): Html {
  return html`<section><h2>Traffic and errors</h2>
${renderChart(report)}</section>
`;
}

const ACTION_TONES: Readonly<Record<CheckReading['action'], Tone>> = {
  acceptable: 'good',
  'monitor closely': 'neutral',
  investigate: 'caution',
  'consider rollback': 'bad',
  'cannot tell yet': 'neutral',
};

export function checksSection(report: RolloutReport): Html {
  if (report.checks.length === 0) return empty('Side by side', 'Nothing was judged.');
  return html`<section><h2>Side by side</h2>
<table class="stacked"><caption>Both versions over the same time, as they were last judged</caption>
<thead><tr><th scope="col">Metric</th><th scope="col" class="number">Stable</th><th scope="col" class="number">Canary</th><th scope="col" class="number">Variance</th><th scope="col" class="number">Allowed</th><th scope="col" class="number">Requests</th><th scope="col">Action</th></tr></thead>
<tbody>${report.checks.map(checkRow)}</tbody></table></section>
`;
}

function checkRow(reading: CheckReading): Html {
  const cells = cellsOf(reading);
  const numbers = [
    ['Stable', cells.stable],
    ['Canary', cells.canary],
    ['Variance', cells.variance],
    ['Allowed', cells.allowed],
    ['Requests', cells.sample],
  ] as const;
  return html`<tr><th scope="row">${said(cells.metric, 120)}</th>${numbers.map(
    ([label, value]) => html`<td class="number" data-label="${label}">${said(value, 60)}</td>`,
  )}<td data-label="Action"><span class="${`look ${ACTION_TONES[cells.action]}`}">${cells.action}</span></td></tr>
`;
}

export function timelineSection(report: RolloutReport): Html {
  if (report.timeline.length === 0) return empty('Timeline', 'No events are recorded.');
  return html`<section class="long"><h2>Timeline</h2>
<table class="stacked story"><caption>UK time; the numbers are those in the chart</caption>
<thead><tr><th scope="col">No.</th><th scope="col">Time</th><th scope="col">Event</th><th scope="col">What happened</th></tr></thead>
<tbody>${report.timeline.map((entry, index) => {
    const { icon, word, tone } = EVENT_LOOKS[entry.event];
    return html`<tr><td>${index + 1}</td><td class="nowrap"><time datetime="${entry.at}">${ukTime(Date.parse(entry.at))}</time></td><td><span class="${`look ${tone}`}"><span aria-hidden="true">${icon}</span> ${word}</span></td><td>${said(entry.sentence, 1000)}</td></tr>
`;
  })}</tbody></table></section>
`;
}

export function planSection(report: RolloutReport): Html {
  if (report.stages.length === 0) return empty('Plan', 'No stages are known.');
  return html`<section><h2>Plan</h2>
<table><caption>Stages, as the service file had them when the rollout started</caption>
<thead><tr><th scope="col">Stage</th><th scope="col" class="number">Weight</th><th scope="col" class="number">Bake</th></tr></thead>
<tbody>${report.stages.map(
    (stage, index) =>
      html`<tr><th scope="row">${index + 1}</th><td class="number">${formatPercent(stage.weightPercent)}</td><td class="number">${formatDuration(stage.bakeSeconds)}</td></tr>`,
  )}</tbody></table></section>
`;
}

export function exposureSection(report: RolloutReport): Html {
  const { canaryRequests, badRequests } = report.exposure;
  const share = canaryRequests > 0 ? ` (${formatPercent((100 * badRequests) / canaryRequests)})` : '';
  return facts('Exposure', [
    ['Requests on the canary', html`${formatCount(canaryRequests)}`],
    ['Bad requests', html`${formatCount(badRequests)}${share}`],
    ['Highest weight', html`${formatPercent(report.peakWeightPercent)}`],
    ['Weight at the end', html`${formatPercent(report.finalWeightPercent)}`],
  ]);
}

export function gatesSection(report: RolloutReport): Html {
  if (report.gates.length === 0) return empty('Gates and waivers', 'The gates did not run.');
  return html`<section><h2>Gates and waivers</h2>
<table class="stacked"><caption>Conditions that must hold before any traffic moves</caption>
<thead><tr><th scope="col">Gate</th><th scope="col">State</th><th scope="col">Finding</th></tr></thead>
<tbody>${report.gates.map((gate) => {
    const [tone, state] = gate.open
      ? ['good', '✔ open']
      : gate.waivedBecause === null
        ? ['bad', '✖ shut']
        : ['caution', '! waived'];
    const more =
      gate.waivedBecause === null
        ? gate.problem === null
          ? null
          : html`<br>Fix: ${said(gate.problem.fix)}`
        : html`<br>Waived because: ${said(gate.waivedBecause)}`;
    return html`<tr><th scope="row">${said(gate.gate, 80)}</th><td data-label="State"><span class="${`look ${tone}`}">${state}</span></td><td>${said(gate.finding, 600)}${more}</td></tr>
`;
  })}</tbody></table></section>
`;
}

export function identitySection(report: RolloutReport): Html {
  return facts('What was rolled out', [
    ['Service', said(report.service, 120)],
    ['Target', said(report.target, 200)],
    ['Stable version', said(report.stableVersion ?? 'not known', 120)],
    ['New version', said(report.canaryVersion, 120)],
    ['Rollout', html`<code>${said(report.rolloutId, 120)}</code>`],
    ['Service file digest', html`<code>${said(report.specDigest, 80)}</code>`],
  ]);
}

function facts(title: string, rows: readonly (readonly [string, Html])[]): Html {
  return html`<section><h2>${title}</h2><dl class="facts">${rows.map(
    ([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`,
  )}</dl></section>
`;
}

function empty(title: string, sentence: string): Html {
  return html`<section><h2>${title}</h2><p class="none">${sentence}</p></section>
`;
}
