// Problems of a command line, before anything is read or asked.
import type { ProblemEntry } from './entry.ts';

export const COMMAND_LINE_PROBLEMS = {
  'wrong-usage': {
    means:
      'The command line has an unknown verb or option, lacks an argument, or asks for two things that exclude each other.',
    why: 'What it would do is not certain, and nothing is done by guess.',
    fix: 'See what the verb takes: stepshift VERB --help.',
    example: { wrong: 'stepshift simulat examples/latency', right: 'stepshift simulate examples/latency' },
  },
  'wrong-option': {
    means: 'An option has a value that it cannot have.',
    why: 'Units are part of the value, as in a service file, so that minutes are not taken for seconds.',
    fix: 'Write the value as «Allowed» says.',
    example: { wrong: '--timeout 30', right: '--timeout 30m' },
  },
  'wrong-name': {
    means: 'No service, version, rollout or AWS resource can have the name that was given.',
    why: 'AWS is not asked for something that cannot exist; a name with other characters is usually an ARN or a slip.',
    fix: 'Copy the name from the service file, or the id from stepshift status.',
    example: { wrong: 'stepshift start Checkout 42', right: 'stepshift start checkout 42' },
  },
  'wrong-what-if': {
    means: 'A --what-if is not KEY=VALUE, or its key leads nowhere in the service file.',
    why: 'A change that touches nothing would show a result that looks like the answer to the question.',
    fix: 'Write the keys joined by dots, an equals sign, and the value as the service file has it.',
    example: { wrong: '--what-if errors=2', right: '--what-if checks.errors.limit=2%' },
  },
  'reason-missing': {
    means: 'Alarms and reasons do not pair up: each --accept-alarm needs one --reason.',
    why: 'Whoever reads the record later wants to know why a firing alarm was no obstacle.',
    fix: 'Write one --reason behind each --accept-alarm.',
    example: {
      wrong: '--accept-alarm Checkout5xx',
      right: '--accept-alarm Checkout5xx --reason "42 fixes it"',
    },
  },
  'too-many-alarms': {
    means: 'More alarms are accepted than a rollout takes.',
    why: 'With so many alarms firing the service is not in a state in which a new version could be judged.',
    fix: 'Accept the few that the new version is to mend, and wait for the others.',
  },
  'alarm-twice': {
    means: 'The same alarm is accepted twice.',
    why: 'One of the two was probably meant to be another alarm.',
    fix: 'Remove one, or write the name that was meant.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
