// Problems with the record of a rollout, as verify and report read it.
import type { ProblemEntry } from './entry.ts';

export const RECORD_PROBLEMS = {
  'record-empty': {
    means: 'Nothing was ever recorded for this rollout.',
    why: 'It was run by a release that kept no records, or its name is not that of a rollout.',
    fix: 'Choose a rollout that began after the engine was deployed with records.',
  },
  'unknown-fact': {
    means: 'The record has an entry of a kind that this release does not know.',
    why: 'An entry that is not understood could be the one that breaks a promise.',
    fix: 'Verify the record with the release that wrote it.',
  },
  'report-without-record': {
    means: 'The page carries no record of a rollout.',
    why: 'It is no report of stepshift, or of a rollout that was refused before its record was opened.',
    fix: 'Write the report again: stepshift report ROLLOUT.',
  },
  'report-damaged': {
    means: 'The record in the report is not as it was written.',
    why: 'The file was cut off, or changed by a program that it went through; a part of a record proves nothing.',
    fix: 'Take the file from where it was written, or write it again: stepshift report ROLLOUT.',
  },
  'record-too-large': {
    means: 'The record in the report unpacks to more than that of any rollout.',
    why: 'A small file can be made to unpack to gigabytes, and would fill the memory.',
    fix: 'Do not trust the file; write the report again: stepshift report ROLLOUT.',
  },
  'record-broken': {
    means:
      'The record is not what was written: its chain of hashes is broken, or its service file was changed.',
    why: 'A replay of it would show a verdict that the rollout never had.',
    fix: 'See what can still be trusted: stepshift verify --file FILE.',
  },
  'nothing-judged': {
    means: 'In this rollout nothing was judged, so there is nothing to replay.',
    why: 'It was refused, or ended before its canary had any traffic.',
    fix: 'Replay another one; why this one ended stands in its report.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
