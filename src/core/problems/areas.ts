// The registry by where people meet its problems, in the order of docs/errors.md, and how a command ends with each.
import { AWS_PROBLEMS } from './aws.ts';
import { BENCHMARK_PROBLEMS } from './benchmark.ts';
import { COMMAND_LINE_PROBLEMS } from './command-line.ts';
import { DEFECT_PROBLEMS } from './defects.ts';
import { DOCTOR_ACCOUNT_PROBLEMS } from './doctor-account.ts';
import { DOCTOR_ENGINE_PROBLEMS } from './doctor-engine.ts';
import { DOCTOR_SERVICE_PROBLEMS } from './doctor-services.ts';
import { EMERGENCY_STOP_PROBLEMS } from './emergency-stop.ts';
import type { ProblemArea } from './entry.ts';
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

const INPUT = 'Exit code 2: the input is wrong. Nothing was asked of AWS, and nothing was written.';
const REFUSED = 'Exit code 5: the start was refused. Nothing was shifted.';
const FOUND =
  'Exit code 5 where a start would be refused or could not get on (fail); 0 where it is only to be looked at (warn); 9 without credentials or a Region.';

export const PROBLEM_AREAS: readonly ProblemArea[] = [
  { title: 'The command line', ends: INPUT, problems: COMMAND_LINE_PROBLEMS },
  { title: 'Files', ends: INPUT, problems: FILE_PROBLEMS },
  {
    title: 'Making a service file',
    ends: 'Exit code 2 for the flags and the file; 5 for what AWS does not have. Nothing was written.',
    problems: INIT_PROBLEMS,
  },
  { title: 'Keys and values of any file', ends: INPUT, problems: VALUE_PROBLEMS },
  { title: 'The service file', ends: INPUT, problems: SERVICE_FILE_PROBLEMS },
  { title: 'Checks of your own', ends: INPUT, problems: OWN_CHECK_PROBLEMS },
  {
    title: 'AWS',
    ends: 'Exit code 9 for credentials, permissions and the Region; 5 for an engine that is not there; 8 for a way back that could not be confirmed.',
    problems: AWS_PROBLEMS,
  },
  {
    title: 'Whatever nobody planned for',
    ends: 'Exit code 1.',
    problems: DEFECT_PROBLEMS,
  },
  { title: 'Starting a rollout', ends: REFUSED, problems: GATE_PROBLEMS },
  { title: 'Starting a rollout on a Lambda alias', ends: REFUSED, problems: LAMBDA_GATE_PROBLEMS },
  { title: 'Starting a rollout on a load balancer', ends: REFUSED, problems: LOAD_BALANCER_GATE_PROBLEMS },
  {
    title: 'A rollout that is named',
    ends: 'Exit code 5 for a rollout that is not known, 2 for a signal that does not fit. The rollout goes on as it was.',
    problems: ROLLOUT_PROBLEMS,
  },
  {
    title: 'The emergency stop',
    ends: 'Exit code 2 for what was asked; 5 where AWS shows that the call would do harm. Nothing was written.',
    problems: EMERGENCY_STOP_PROBLEMS,
  },
  {
    title: 'The record of a rollout',
    ends: 'Exit code 5 where there is nothing to look at, 2 where it is not understood.',
    problems: RECORD_PROBLEMS,
  },
  { title: 'Recordings', ends: INPUT, problems: RECORDING_PROBLEMS },
  { title: 'Scenarios', ends: INPUT, problems: SCENARIO_PROBLEMS },
  {
    title: 'Registering a service',
    ends: 'cdk synth stops, or the deployment of the service stack fails and is rolled back by CloudFormation.',
    problems: REGISTRATION_PROBLEMS,
  },
  { title: 'Pipelines', ends: 'cdk synth of the pipeline’s app stops.', problems: PIPELINE_PROBLEMS },
  { title: 'The doctor: this machine and the account', ends: FOUND, problems: DOCTOR_ACCOUNT_PROBLEMS },
  { title: 'The doctor: the engine and its people', ends: FOUND, problems: DOCTOR_ENGINE_PROBLEMS },
  { title: 'The doctor: services', ends: FOUND, problems: DOCTOR_SERVICE_PROBLEMS },
  {
    title: 'Game days',
    ends: 'The day ends before it has begun: npm run gameday -- --help has its exit codes.',
    problems: GAME_DAY_PROBLEMS,
  },
  { title: 'The benchmark of the judge', ends: INPUT, problems: BENCHMARK_PROBLEMS },
];
