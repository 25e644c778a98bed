// The story, row by row: when, what, by whom, because of what, and where AWS shows the same.
import { alarmLink, executionLink, trailLink } from '../../core/console-links.ts';
import type { TimelineEntry } from '../../core/report.ts';
import type { ReportDocument } from '../../core/report-document.ts';
import { actorOf, causesOf } from '../../core/report-timeline.ts';
import { type Html, html, link, said } from '../html.ts';
import { eventLook, none, rowLink, section, time } from '../parts.ts';

const ENGINE = 'Stepshift';

export function timelineSection(document: ReportDocument): Html {
  const { timeline } = document.report;
  if (timeline.length === 0) return section('timeline', none('No events are recorded.'));
  const causes = causesOf(timeline);
  return section(
    'timeline',
    html`${consoleLine(document)}<table class="stacked story"><caption>UK time. The numbers are those in the charts.</caption>
<thead><tr><th scope="col">No.</th><th scope="col">Time</th><th scope="col">Event</th><th scope="col">By</th><th scope="col">What happened</th></tr></thead>
<tbody>${timeline.map((entry, index) => row(document, entry, index, causes[index] ?? null))}</tbody></table>
`,
  );
}

function row(document: ReportDocument, entry: TimelineEntry, index: number, cause: number | null): Html {
  const because = cause === null ? null : html` <span class="cause">← because of ${rowLink(cause)}</span>`;
  const address = consoleAddress(document, entry);
  const console =
    address === null ? null : html` <span class="cause">${link(address, 'look in the console')}</span>`;
  return html`<tr id="${`row-${index + 1}`}"><th scope="row">${index + 1}</th><td class="nowrap">${time(entry.at)}</td><td>${eventLook(entry.event)}</td><td>${said(actorOf(entry) ?? ENGINE, 120)}</td><td>${sentenceOf(document.report.timeline, index)}${because}${console}</td></tr>
`;
}

/** Shorter ones are read faster than a link is followed. */
const LONG_SENTENCE = 80;

/** The end repeats the reason in full, since elsewhere it stands alone; here it stands a few rows above. */
function sentenceOf(timeline: readonly TimelineEntry[], index: number): Html {
  const sentence = timeline[index]?.sentence ?? '';
  const told = timeline
    .slice(0, index)
    .findLastIndex((earlier) => earlier.sentence.length > LONG_SENTENCE && isEnd(sentence, earlier.sentence));
  const rest = sentence.slice(0, sentence.length - (timeline[told]?.sentence.length ?? 0)).trimEnd();
  return told === -1 ? said(sentence, 1000) : html`${said(rest, 1000)} Why: ${rowLink(told)}.`;
}

function isEnd(sentence: string, end: string): boolean {
  return sentence.length > end.length && sentence.endsWith(end);
}

function consoleLine({ isSimulated, executionArn }: ReportDocument): Html {
  if (isSimulated) return none('Simulated on a laptop, in virtual time: no console knows of it.');
  const address = executionArn === null ? null : executionLink(executionArn);
  if (address === null)
    return none('Which execution it was is not known, so there are no links to the console.');
  return html`<p class="none">${link(address, 'The execution in the Step Functions console')}, with every event behind these rows.</p>
`;
}

/** Rows that tell of an alarm lead to it, rows that tell of a write or of a stranger lead to the trail of that time. */
function consoleAddress({ isSimulated, executionArn }: ReportDocument, entry: TimelineEntry): string | null {
  if (isSimulated || executionArn === null) return null;
  const { event, kind, source } = entry;
  if (event === 'interrupt-latched' && kind === 'alarm' && typeof source === 'string') {
    return alarmLink(executionArn, source);
  }
  return WRITES.includes(event) ? trailLink(executionArn, null, Date.parse(entry.at)) : null;
}

const WRITES: readonly TimelineEntry['event'][] = [
  'traffic-shifted',
  'rollout-promoted',
  'rollout-rolled-back',
  'rollout-aborted',
  'rollout-superseded',
  'drift-after-end',
];
