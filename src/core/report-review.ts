// The review of a rollout, for whoever signs it off: what occurred, what was done, and what follows. Every sentence is
// derived from the record; where nothing follows, nothing is recommended.
import type { EventName } from './events.ts';
import { strangerWords } from './live-traffic.ts';
import type { RolloutReport, TimelineEntry } from './report.ts';
import { excessFailures, failuresOf } from './report-excess.ts';
import { affectedWindow } from './report-exposure.ts';
import { recommendationsOf } from './report-recommendations.ts';
import { actorOf, turnOf } from './report-timeline.ts';
import { ukTime } from './uk-time.ts';
import { formatCount, formatDuration, formatPercent } from './units.ts';

export interface Review {
  /** What went wrong or right, for how long, and who met it. */
  readonly occurred: readonly string[];
  /** What the engine and people did, oldest first. */
  readonly actions: readonly string[];
  /** Empty where nothing follows from the record. */
  readonly recommendations: readonly string[];
}

export function reviewOf(report: RolloutReport): Review {
  return {
    occurred: occurredOf(report),
    actions: actionsOf(report),
    recommendations: recommendationsOf(report),
  };
}

function occurredOf(report: RolloutReport): readonly string[] {
  return [
    triedSentence(report),
    report.reason.sentence,
    ...affectedSentence(report),
    exposureSentence(report),
    ...alarmSentences(report),
  ];
}

function triedSentence(report: RolloutReport): string {
  const { service, canaryVersion, stableVersion, startedAt, endedAt, peakWeightPercent } = report;
  const against = stableVersion === null ? '' : ` against version ${stableVersion}`;
  const end = endedAt === null ? 'and has not ended' : `and ended ${stamp(endedAt)}`;
  const most =
    peakWeightPercent === 0
      ? 'It got no traffic.'
      : `It got at most ${formatPercent(peakWeightPercent)} of the traffic.`;
  return `Version ${canaryVersion} of ${service} was tried${against}; it began ${stamp(startedAt)} ${end}. ${most}`;
}

function affectedSentence(report: RolloutReport): readonly string[] {
  const window = affectedWindow(report);
  if (window === null) return [];
  const { from, to, isOpen, requests, badRequests } = window;
  const length = formatDuration((Date.parse(to) - Date.parse(from)) / 1000);
  const later = isOpen ? ' No metric tells what came after.' : '';
  return [
    `The error rate of the new version was over its limit for ${isOpen ? 'at least ' : ''}${length}, from ${stamp(from)} to ${stamp(to)}: ${formatCount(badRequests)} of ${formatCount(requests)} of its requests failed in that time.${later}`,
  ];
}

function exposureSentence(report: RolloutReport): string {
  const { canaryRequests, slowRequests = 0 } = report.exposure;
  if (canaryRequests === 0) return 'No request reached the new version.';
  const slow = slowRequests === 0 ? '' : ` (${formatCount(slowRequests)} more were only too slow)`;
  const exposed = `${formatCount(canaryRequests)} requests reached the new version, and ${formatCount(failuresOf(report.exposure))} of them failed${slow}`;
  const excess = excessFailures(report);
  if (excess === null) return `${exposed}; how many the old version would have failed is not known.`;
  const more = excess === 0 ? 'no' : `about ${formatCount(excess)}`;
  return `${exposed}, ${more} more than the old version would have failed.`;
}

const STATE_WORDS = {
  OK: 'was quiet',
  ALARM: 'fired',
  INSUFFICIENT_DATA: 'had not enough data',
  MISSING: 'did not exist',
} as const;

function alarmSentences({ alarmStretches }: RolloutReport): readonly string[] {
  return alarmStretches.map(({ name, state, from, to }) => {
    const until = to === null ? 'to the end' : `to ${stamp(to)}`;
    return `The alarm ${name} ${STATE_WORDS[state]}, as seen from ${stamp(from)} ${until}.`;
  });
}

/** What somebody did, or what was done to the traffic; judgements are no actions. */
const DEEDS: readonly EventName[] = [
  'gate-waived',
  'traffic-shifted',
  'stage-advanced-unproven',
  'interrupt-latched',
  'taken-over',
  'promotion-committed',
  'rollout-promoted',
  'rollback-started',
  'rollout-rejected',
  'rollout-superseded',
];

function actionsOf(report: RolloutReport): readonly string[] {
  const deeds = report.timeline.filter((entry) => isDeed(entry));
  return [...deeds.map(({ at, sentence }) => `${stamp(at)}: ${sentence}`), ...backSentence(report)];
}

function isDeed(entry: TimelineEntry): boolean {
  const { event } = entry;
  if (event === 'rollout-aborted') return false;
  return DEEDS.includes(event) || actorOf(entry) !== null;
}

/** The end of a way back, with how long it took and how often it was tried. */
function backSentence(report: RolloutReport): readonly string[] {
  const { detectedAt, safeAt, outcome, stableVersion, strangers = [], timeline } = report;
  if (outcome === 'SUPERSEDED' && strangers.length > 0) {
    return [`The traffic was left with ${strangerWords(strangers)}, as somebody else had put it.`];
  }
  if (safeAt === null) return [];
  const from = detectedAt ?? turnOf(timeline)?.decided.at ?? safeAt;
  const seconds = Math.max(0, (Date.parse(safeAt) - Date.parse(from)) / 1000);
  const failed = timeline.filter(({ event }) => event === 'rollback-delayed').length;
  const tries =
    failed === 0 ? '' : `, after ${formatCount(failed)} ${failed === 1 ? 'try' : 'tries'} that failed`;
  return [
    `${stamp(safeAt)}: All traffic was read back on version ${stableVersion ?? 'stable'}, ${formatDuration(seconds)} after that was decided${tries}.`,
  ];
}

function stamp(at: string): string {
  return ukTime(Date.parse(at));
}
