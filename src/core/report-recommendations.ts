// What follows from the record of a rollout: each sentence from a fact that is in it, and none without one.
import type { GateResult } from './gates.ts';
import { strangerWords } from './live-traffic.ts';
import type { RolloutReport, StageCourse, TimelineEntry } from './report.ts';
import { stageRecommendations } from './report-recommended-stages.ts';
import { isGoingBack } from './report-summary.ts';
import { actorOf, turnOf } from './report-timeline.ts';
import { ukTime } from './uk-time.ts';
import { formatCount } from './units.ts';

export function recommendationsOf(report: RolloutReport): readonly string[] {
  return [
    ...endRecommendations(report),
    ...delayRecommendations(report),
    ...unansweredRecommendations(report),
    ...waivedGates(report).map(waivedRecommendation),
    ...alertRecommendations(report),
    ...stageRecommendations(report),
    ...blindAlarmRecommendations(report),
  ];
}

/** What the end leaves open. */
function endRecommendations(report: RolloutReport): readonly string[] {
  const { outcome, strangers = [], service, target, canaryVersion, timeline } = report;
  const drift = timeline.findLast(({ event }) => event === 'drift-after-end');
  const found = drift === undefined ? [] : [`Find out who changed ${target} afterwards: ${drift.sentence}`];
  // an end that nobody waited for calls for nothing
  if (outcome === 'ROLLBACK_INCOMPLETE' && isGoingBack(report)) {
    return [`Traffic is not confirmed safe. Make it so: stepshift emergency-stop ${service}`, ...found];
  }
  if (outcome !== 'SUPERSEDED') return found;
  const third =
    strangers.length === 0
      ? 'What is live now'
      : `What is live now on ${target} (${strangerWords(strangers)})`;
  return [
    `${third} was not judged by this rollout. Find out who put it there, and whether version ${canaryVersion} is still wanted.`,
    ...found,
  ];
}

function delayRecommendations({ timeline }: RolloutReport): readonly string[] {
  const delays = timeline.filter(({ event }) => event === 'rollback-delayed');
  const [first, last] = [delays[0], delays.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [
    `Taking traffic back failed ${times(delays.length)} between ${stamp(first)} and ${stamp(last)}. Remove what was in its way, before it is needed again. The last answer: ${last.sentence}`,
  ];
}

function unansweredRecommendations({ timeline }: RolloutReport): readonly string[] {
  const turn = turnOf(timeline);
  if (turn?.kind !== 'unanswered' || turn.asked === null) return [];
  const what =
    turn.asked.event === 'rollout-paused' ? 'Nobody ended the pause' : 'Nobody answered the question';
  return [`${what} of ${stamp(turn.asked)}. Find out whether it reached those who are to answer.`];
}

/** Waived by whoever starts, alarm by alarm. */
const ALARMS_GATE = 'alarms-quiet';

function waivedGates({ gates }: RolloutReport): readonly GateResult[] {
  return gates.filter(({ open, waivedBecause }) => !open && waivedBecause !== null);
}

function waivedRecommendation({ gate, finding, waivedBecause, problem }: GateResult): string {
  if (gate === ALARMS_GATE) {
    return `It was started although alarms fired (${finding}), accepted because: ${waivedBecause}. As long as they fire they stop no rollout: make them quiet.`;
  }
  const fix = problem === null ? '' : ` To open it: ${problem.fix}.`;
  return `The gate ${gate} was passed although it was shut (${finding}), because: ${waivedBecause}. Look whether that still holds.${fix}`;
}

/** An alert moves no traffic, so somebody has to look at it. */
function alertRecommendations({ timeline }: RolloutReport): readonly string[] {
  return timeline
    .filter(({ event }, index) => event === 'check-alerted' && !timeline.slice(index + 1).some(isByPerson))
    .map((alert) => `Nobody acted on the alert of ${stamp(alert)}. Look at it: ${alert.sentence}`);
}

function isByPerson(entry: TimelineEntry): boolean {
  return actorOf(entry) !== null && entry['kind'] !== 'alarm' && entry['kind'] !== 'guard';
}

/** An alarm without data could not have stopped anything. */
function blindAlarmRecommendations({ alarmStretches, course }: RolloutReport): readonly string[] {
  const judged = course.filter(({ enteredAt }: StageCourse) => enteredAt !== null).length;
  if (judged === 0) return [];
  const names = (state: 'INSUFFICIENT_DATA' | 'MISSING') => [
    ...new Set(alarmStretches.filter((stretch) => stretch.state === state).map(({ name }) => name)),
  ];
  return [
    ...names('MISSING').map(
      (name) => `The alarm ${name} did not exist for a time. Create it, or take it out of the service file.`,
    ),
    ...names('INSUFFICIENT_DATA').map(
      (name) =>
        `The alarm ${name} had not enough data for a time, and could not have fired then. Look what feeds it.`,
    ),
  ];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${formatCount(count)} times`;
}

function stamp({ at }: TimelineEntry): string {
  return ukTime(Date.parse(at));
}
