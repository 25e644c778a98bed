// Problems of recorded rollouts, as replay and judge read them.
import type { ProblemEntry } from './entry.ts';

export const RECORDING_PROBLEMS = {
  'unknown-recording': {
    means: 'The file begins like none of the recordings that Stepshift reads.',
    why: 'The first line says which form a recording has.',
    fix: 'Write one of the forms of docs/replay.md.',
  },
  'no-recording': {
    means: 'The file or folder holds no rollout at all.',
    why: 'There is nothing to replay.',
    fix: 'Name a file with a recording, or a folder with *.jsonl files.',
  },
  'several-rollouts': {
    means: 'The file holds more than one rollout.',
    why: 'A replay tells the story of one; of several it could only tell the sum.',
    fix: 'Give each rollout a file of its own, or judge them all with stepshift judge.',
  },
  'nothing-recorded': {
    means: 'No period was recorded while the canary had traffic.',
    why: 'Without requests of the canary there is nothing to judge.',
    fix: 'Record the rollout from its first shift on, and check the dimensions of the canary’s series.',
  },
  'incomplete-metrics': {
    means: 'CloudWatch says itself that its answer is not complete.',
    why: 'Values that are left out look like silence, and the judge would take that for fewer errors.',
    fix: 'Ask again, for a shorter time or with the rights that are missing, and keep the whole answer.',
  },
  'missing-id': {
    means: 'A series that the judge needs was not asked for.',
    why: 'What is missing must not be taken for zeros.',
    fix: 'Ask CloudWatch for this id as well; a series without values is fine.',
  },
  'unknown-id': {
    means: 'The answer has a series by an id that no check has.',
    why: 'It is either a slip in the id or a check that the service file lacks, and either would change the verdict.',
    fix: 'Correct the id, remove the series, or add its check to the service file.',
  },
  'duplicate-id': {
    means: 'The same id is in the answer twice and was complete the first time.',
    why: 'Which of the two series is meant cannot be known.',
    fix: 'Give each series an id of its own, and remove the wrong one.',
  },
  'duplicate-timestamp': {
    means: 'A series has two values for one period.',
    why: 'Requests of one minute would be counted twice.',
    fix: 'Keep the answer as the command printed it, and ask for all ids with the same Period.',
  },
  'wrong-count': {
    means: 'A number of events is negative or no whole number.',
    why: 'The statistics count events; a share or an average cannot be counted.',
    fix: 'Write how many events there were; ask CloudWatch with the statistic Sum.',
    example: { wrong: '"errors": 0.02', right: '"errors": 3' },
  },
  'wrong-time': {
    means: 'A period or a shift has a time that it cannot have.',
    why: 'Periods are judged in order and on one grid; a hole, a repetition or a jump would compare minutes that do not belong together.',
    fix: 'Write every period once, oldest first, by the instant at which it starts.',
  },
  'out-of-order': {
    means: 'A line comes where it cannot be, for example a period before its start.',
    why: 'The judge goes through the lines once, and knows only what came before.',
    fix: 'Write the start or the header first, then the periods in order, then the end and the truth.',
  },
  'wrong-id': {
    means: 'A line is of another rollout than the start before it.',
    why: 'Two rollouts at once would be judged as one.',
    fix: 'Send one rollout after the other, each with its own start.',
  },
  'step-beyond-plan': {
    means: 'A line names a stage that the plan of its start does not have.',
    why: 'Without a weight the shares of stable and canary are not known.',
    fix: 'Name the stage by its index in the plan, from 0.',
  },
  'more-than-requests': {
    means: 'There are more errors, or other outcomes, than requests in a period.',
    why: 'A rate above 100 % shows that the two numbers were counted in different places.',
    fix: 'Count requests and what became of them in the same period.',
    example: { wrong: '"requests": 10, "errors": 12', right: '"requests": 12, "errors": 12' },
  },
  'wrong-histogram': {
    means: 'The latency histogram does not fit its edges, or not the number of requests.',
    why: 'Percentiles of a histogram that lost requests are wrong by an unknown amount.',
    fix: 'Count every request in exactly one bucket, or leave hist out.',
  },
  'edges-must-rise': {
    means: 'The edges of the latency histogram do not rise.',
    why: 'A request could be in two buckets, or in none.',
    fix: 'Sort the edges and remove repeated ones.',
    example: { wrong: '"latencyEdgesMs": [100, 50]', right: '"latencyEdgesMs": [50, 100]' },
  },
  'wrong-truth': {
    means: 'What is said about how the rollout really was contradicts itself or the recording.',
    why: 'A policy is measured against this truth, and a wrong one makes it look better or worse than it is.',
    fix: 'Tell the truth once a rollout, with one number of bad requests a period.',
  },
  'wrong-weights': {
    means: '--weights is no list of weights with their times.',
    why: 'A recording from CloudWatch does not say which weight applied when, so it must be told exactly.',
    fix: 'Write WEIGHT%@TIME, separated by commas, in the order of time.',
    example: { wrong: '--weights 5,25', right: '--weights 5%@09:00,25%@09:10' },
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
