// What was heard beside the metrics: alarms, people, doubts; and what this release does not read.
import type { AlarmStretch, TimelineEntry } from '../../core/report.ts';
import type { ReportDocument } from '../../core/report-document.ts';
import { actorOf } from '../../core/report-timeline.ts';
import type { Tone } from '../../core/timeline.ts';
import { type Html, html, said } from '../html.ts';
import { eventLook, look, none, rowLink, section, table, time } from '../parts.ts';

/** Everything that is not the plain course of a rollout. */
const SIGNALS: readonly TimelineEntry['event'][] = [
  'check-alerted',
  'canary-held',
  'canary-inconclusive',
  'decision-needed',
  'interrupt-latched',
  'rollout-paused',
  'rollout-resumed',
  'stage-approved',
  'promotion-requested',
  'stable-unhealthy',
  'taken-over',
  'drift-after-end',
];

export function signalsSection({ report }: ReportDocument): Html {
  const gate = report.gates.find((candidate) => candidate.gate === 'alarms-quiet');
  const atStart =
    gate === undefined
      ? null
      : html`<p>At the start: ${said(gate.finding, 300)}.</p>
`;
  return section(
    'signals',
    html`<h3>Alarms</h3>
${atStart}${alarms(report.alarmStretches)}<h3>People, doubts and alerts</h3>
${signals(report.timeline)}<h3>Security signals</h3>
${none('This release reads no security findings. The alarms above are all that it watches beside the checks.')}<h3>New exceptions</h3>
${none('This release reads no exceptions: look in the logs of the new version for this time.')}`,
  );
}

const STATE_LOOKS: Readonly<Record<AlarmStretch['state'], readonly [Tone, icon: string, word: string]>> = {
  ALARM: ['bad', '✖', 'in ALARM'],
  INSUFFICIENT_DATA: ['caution', '?', 'without data'],
  MISSING: ['caution', '!', 'not there'],
  OK: ['good', '✔', 'OK'],
};

function alarms(stretches: readonly AlarmStretch[]): Html {
  if (stretches.length === 0) return none('No look saw an alarm in another state than OK.');
  return table(
    'When looks saw an alarm in another state than OK',
    [{ title: 'Alarm' }, { title: 'State' }, { title: 'From' }, { title: 'Until' }],
    stretches.map(({ name, state, from, to }) => [
      said(name, 120),
      look(...STATE_LOOKS[state]),
      time(from),
      to === null ? html`the last look` : time(to),
    ]),
  );
}

function signals(timeline: readonly TimelineEntry[]): Html {
  const told = timeline.flatMap((entry, index) => (SIGNALS.includes(entry.event) ? [{ entry, index }] : []));
  if (told.length === 0) return none('Nobody stepped in, and nothing was held or in doubt.');
  return table(
    'Who or what stepped in, and what was in doubt',
    [{ title: 'Signal' }, { title: 'Time' }, { title: 'By' }, { title: 'What was said' }],
    told.map(({ entry, index }) => [
      eventLook(entry.event),
      html`${time(entry.at)}, ${rowLink(index)}`,
      said(actorOf(entry) ?? 'Stepshift', 120),
      said(entry.sentence, 600),
    ]),
  );
}
