// The named plans: our own, and CodeDeploy's, so that a team that comes from there keeps its words.
import type { Stage } from './service-spec.ts';

function minutes(weightPercent: number, bakeMinutes: number): Stage {
  return { weightPercent, bakeSeconds: bakeMinutes * 60 };
}

/** CodeDeploy moves 10 %, waits, then moves the rest; ours judges while it waits. */
function canary10(bakeMinutes: number): readonly Stage[] {
  return [minutes(10, bakeMinutes)];
}

/** CodeDeploy adds 10 % per interval; the step from 90 % is our promotion. */
function linear10(bakeMinutes: number): readonly Stage[] {
  return [10, 20, 30, 40, 50, 60, 70, 80, 90].map((weight) => minutes(weight, bakeMinutes));
}

/** At 100 % nothing is left to compare with, so five minutes are judged by absolute limits and alarms alone. */
const ALL_AT_ONCE: readonly Stage[] = [minutes(100, 5)];

// Names: CodeDeploy user guide, «Predefined deployment configurations» for Lambda and ECS (ECS really says 1Minutes).
const CODE_DEPLOY: Readonly<Record<string, readonly Stage[]>> = {
  LambdaCanary10Percent5Minutes: canary10(5),
  LambdaCanary10Percent10Minutes: canary10(10),
  LambdaCanary10Percent15Minutes: canary10(15),
  LambdaCanary10Percent30Minutes: canary10(30),
  LambdaLinear10PercentEvery1Minute: linear10(1),
  LambdaLinear10PercentEvery2Minutes: linear10(2),
  LambdaLinear10PercentEvery3Minutes: linear10(3),
  LambdaLinear10PercentEvery10Minutes: linear10(10),
  LambdaAllAtOnce: ALL_AT_ONCE,
  ECSCanary10Percent5Minutes: canary10(5),
  ECSCanary10Percent15Minutes: canary10(15),
  ECSLinear10PercentEvery1Minutes: linear10(1),
  ECSLinear10PercentEvery3Minutes: linear10(3),
  ECSAllAtOnce: ALL_AT_ONCE,
  AllAtOnce: ALL_AT_ONCE,
};

export const PRESETS: Readonly<Record<string, readonly Stage[]>> = {
  quick: [minutes(10, 5), minutes(50, 5)],
  standard: [minutes(5, 10), minutes(25, 10), minutes(50, 10), minutes(95, 10)],
  careful: [minutes(1, 10), minutes(5, 20), minutes(25, 30), minutes(50, 30), minutes(95, 60)],
  ...CODE_DEPLOY,
  ...Object.fromEntries(
    Object.entries(CODE_DEPLOY).map(([name, stages]) => [`CodeDeployDefault.${name}`, stages]),
  ),
};
