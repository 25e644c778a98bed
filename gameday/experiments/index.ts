// The programme of the day, in the order in which it is played: rollouts first, since their traffic is what other facts use.
import type { AnyExperiment } from '../core/experiment.ts';
import { alarmPublishes, disabledActions, eventDelay, mutedAlarm } from './alarm-events.ts';
import { deleteRefused, descriptionRotates, staleRevisionRefused, zeroShareAccepted } from './alias.ts';
import { duplicatePriority, lateModify, ruleSpreads, stickyCookie } from './balancer.ts';
import {
  abortedCanary,
  alarmedCanary,
  badCanary,
  eventStart,
  goodCanary,
  killedCanary,
  redeployedEngine,
  silentCanary,
  slowCanary,
} from './canaries.ts';
import { historyEvents } from './history.ts';
import { deploymentLeavesAlias, survivesStop } from './lifecycle.ts';
import { metricArrival, metricStamp } from './metric-arrival.ts';
import { metricQuota, periodStart, thresholdCounts } from './metric-reading.ts';
import { machineMetrics, seriesWhileWeighted, seriesWhileWhole, throttleSeries } from './metric-series.ts';
import { aliasArn, resourceTag } from './permissions.ts';
import { aliasSpreads, weightSplit } from './traffic.ts';

export const EXPERIMENTS: readonly AnyExperiment[] = [
  goodCanary,
  badCanary,
  slowCanary,
  alarmedCanary,
  abortedCanary,
  killedCanary,
  eventStart,
  historyEvents,
  redeployedEngine,
  periodStart,
  machineMetrics,
  alarmPublishes,
  silentCanary,
  descriptionRotates,
  staleRevisionRefused,
  deleteRefused,
  zeroShareAccepted,
  resourceTag,
  aliasArn,
  survivesStop,
  deploymentLeavesAlias,
  eventDelay,
  disabledActions,
  mutedAlarm,
  weightSplit,
  aliasSpreads,
  seriesWhileWhole,
  seriesWhileWeighted,
  thresholdCounts,
  metricStamp,
  throttleSeries,
  metricQuota,
  metricArrival,
  lateModify,
  duplicatePriority,
  ruleSpreads,
  stickyCookie,
];
