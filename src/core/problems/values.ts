// Problems with keys and values of any file: of a service, a scenario or a recording.
import type { ProblemEntry } from './entry.ts';

export const VALUE_PROBLEMS = {
  'missing-key': {
    means: 'A key that has no default is not written.',
    why: 'Nothing sensible could be assumed in its place, and a guess would move real traffic.',
    fix: 'Add the key; «Allowed» says what it takes.',
    example: { wrong: 'stages: [{ weight: 5% }]', right: 'stages: [{ weight: 5%, bake: 10m }]' },
  },
  'unknown-key': {
    means: 'A key is written that nothing reads.',
    why: 'A misspelt key that is ignored would leave its default in force without anybody noticing.',
    fix: 'Correct the spelling, or remove the key; docs/service-reference.md lists those of a service file.',
    example: { wrong: 'stage: standard', right: 'stages: standard' },
  },
  'wrong-key': {
    means: 'The name of an entry has characters that names at this place cannot have.',
    why: 'The name becomes part of ids and of commands such as --what-if, which other characters would break.',
    fix: 'Rename the entry with letters, digits and hyphens.',
    example: { wrong: 'checks: { "checkout p90": … }', right: 'checks: { checkout-p90: … }' },
  },
  'wrong-type': {
    means: 'The value is of another kind than this key takes, for example a number where text belongs.',
    why: 'YAML decides the kind by how a value is written, and a silent conversion would hide slips such as 1.10 becoming 1.1.',
    fix: 'Write the kind that «Allowed» names; quotes make text of a number.',
    example: { wrong: 'alarms: Checkout5xx', right: 'alarms: [Checkout5xx]' },
  },
  'wrong-format': {
    means: 'The text does not have the form that this key takes.',
    why: 'AWS would refuse the name, or it would mean something else than what was meant.',
    fix: 'Write it as the example shows; where a name is asked for, give the name and not the ARN.',
    example: { wrong: 'service: Checkout', right: 'service: checkout' },
  },
  'unknown-word': {
    means: 'The word is none of those that this key knows.',
    why: 'Every word stands for a behaviour, and there is none for this one.',
    fix: 'Use one of the words that «Allowed» lists.',
    example: { wrong: 'stages: fast', right: 'stages: quick' },
  },
  'out-of-range': {
    means: 'The value is of the right kind, and too small, too large or too many.',
    why: 'Beyond the range the judge, the plan or AWS itself could not keep what the value asks for.',
    fix: 'Write a value within the range that «Allowed» gives.',
    example: { wrong: 'bake: 30d', right: 'bake: 7d' },
  },
  'not-allowed': {
    means: 'The value breaks a rule of this place.',
    why: 'The sentence of the problem names the rule; without it the file would contradict itself.',
    fix: 'Change the value as the sentence says.',
  },
  'not-a-percent': {
    means: 'A percentage is written without its % sign, or is no number.',
    why: 'A bare 5 could be 5 % or 500 %, and a weight must not be guessed.',
    fix: 'Write the number with %.',
    example: { wrong: 'weight: 5', right: 'weight: 5%' },
  },
  'not-a-duration': {
    means: 'A duration is written without its unit, or is no whole number of seconds.',
    why: 'A bare 10 could be seconds or minutes, and a bake that is sixty times too short judges nothing.',
    fix: 'Write the number with s, m, h or d.',
    example: { wrong: 'bake: 10', right: 'bake: 10m' },
  },
  'not-a-latency': {
    means: 'A latency is written without its unit.',
    why: 'CloudWatch has Lambda in milliseconds and load balancers in seconds, so a bare number would be read wrongly by somebody.',
    fix: 'Write the number with ms or s.',
    example: { wrong: 'limit: 500', right: 'limit: 500ms' },
  },
  'not-a-ratio': {
    means: 'A tolerance is not written as a factor.',
    why: 'A bare 1.5 could be a factor or a percentage; x1.5 says that half as much again is tolerated.',
    fix: 'Write x and the factor.',
    example: { wrong: 'tolerance: 1.5', right: 'tolerance: x1.5' },
  },
  'not-a-percentile': {
    means: 'A percentile is not written as p and a number.',
    why: 'A bare 95 could be a percentile or a limit.',
    fix: 'Write p and the number.',
    example: { wrong: 'percentile: 95', right: 'percentile: p95' },
  },
  'not-yaml': {
    means: 'The text cannot be read as one YAML or JSON document.',
    why: 'A file that is read in part would be another service than the one that was written.',
    fix: 'Correct the line that is shown: spaces indent, never tabs, and a colon with a space follows a key.',
    example: { wrong: 'stages:standard', right: 'stages: standard' },
  },
  'duplicate-key': {
    means: 'The same key is written twice in one map.',
    why: 'YAML readers differ in which of the two they take, so nobody could say which limit applies.',
    fix: 'Keep the line that is meant and remove the other.',
    example: { wrong: 'maxHold: 20m … maxHold: 30m', right: 'maxHold: 30m' },
  },
  'more-problems': {
    means: 'There are more problems of this kind than are listed.',
    why: 'The first ones are often the cause of the rest.',
    fix: 'Mend the problems that are shown and run the command again.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
