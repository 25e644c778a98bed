// Every problem that Stepshift can tell of, by its slug. docs/errors.md is made of it; the types refuse a code that is not here.
// A new code: add it to the file of its area, with what it means, why, and what to do; then `npm run errors`.
import { AWS_PROBLEMS } from './aws.ts';
import { BENCHMARK_PROBLEMS } from './benchmark.ts';
import { COMMAND_LINE_PROBLEMS } from './command-line.ts';
import { DEFECT_PROBLEMS } from './defects.ts';
import { DOCTOR_ACCOUNT_PROBLEMS } from './doctor-account.ts';
import { DOCTOR_ENGINE_PROBLEMS } from './doctor-engine.ts';
import { DOCTOR_SERVICE_PROBLEMS } from './doctor-services.ts';
import { EMERGENCY_STOP_PROBLEMS } from './emergency-stop.ts';
import { FILE_PROBLEMS } from './files.ts';
import { GAME_DAY_PROBLEMS } from './game-day.ts';
import { GATE_PROBLEMS } from './gates.ts';
import { LAMBDA_GATE_PROBLEMS } from './gates-lambda.ts';
import { LOAD_BALANCER_GATE_PROBLEMS } from './gates-load-balancer.ts';
import { INIT_PROBLEMS } from './init.ts';
import { OWN_CHECK_PROBLEMS } from './own-checks.ts';
import { PIPELINE_PROBLEMS } from './pipelines.ts';
import { RECORDING_PROBLEMS } from './recordings.ts';
import { RECORD_PROBLEMS } from './records.ts';
import { REGISTRATION_PROBLEMS } from './registration.ts';
import { ROLLOUT_PROBLEMS } from './rollouts.ts';
import { SCENARIO_PROBLEMS } from './scenarios.ts';
import { SERVICE_FILE_PROBLEMS } from './service-file.ts';
import { VALUE_PROBLEMS } from './values.ts';

export const PROBLEMS = {
  ...VALUE_PROBLEMS,
  ...SERVICE_FILE_PROBLEMS,
  ...OWN_CHECK_PROBLEMS,
  ...COMMAND_LINE_PROBLEMS,
  ...FILE_PROBLEMS,
  ...INIT_PROBLEMS,
  ...AWS_PROBLEMS,
  ...DEFECT_PROBLEMS,
  ...GATE_PROBLEMS,
  ...LAMBDA_GATE_PROBLEMS,
  ...LOAD_BALANCER_GATE_PROBLEMS,
  ...ROLLOUT_PROBLEMS,
  ...EMERGENCY_STOP_PROBLEMS,
  ...RECORD_PROBLEMS,
  ...RECORDING_PROBLEMS,
  ...SCENARIO_PROBLEMS,
  ...REGISTRATION_PROBLEMS,
  ...PIPELINE_PROBLEMS,
  ...DOCTOR_ACCOUNT_PROBLEMS,
  ...DOCTOR_ENGINE_PROBLEMS,
  ...DOCTOR_SERVICE_PROBLEMS,
  ...GAME_DAY_PROBLEMS,
  ...BENCHMARK_PROBLEMS,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
