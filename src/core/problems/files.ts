// Problems with files and streams themselves, whatever is in them.
import type { ProblemEntry } from './entry.ts';

export const FILE_PROBLEMS = {
  'unreadable-file': {
    means: 'A file that was named cannot be read.',
    why: 'It does not exist, is a folder, is no UTF-8 text, is far too large, or this user may not read it.',
    fix: 'Check the path and the rights of the file.',
    example: { wrong: 'stepshift validate services', right: 'stepshift validate services/checkout.yaml' },
  },
  'empty-file': {
    means: 'The file is empty, or has comments only.',
    why: 'A service without a target has nothing that could be shifted.',
    fix: 'Write at least service and target, or let stepshift init write the file.',
  },
  'unwritable-file': {
    means: 'A file that was to be written cannot be.',
    why: 'The folder is missing or not yours; a half-written report or record would be worse than none.',
    fix: 'Name a file in a folder that exists and that you may write to.',
  },
  'output-lost': {
    means: 'What the command printed did not arrive.',
    why: 'The disk that it was written to is full, or the file system failed; what is there may be cut off.',
    fix: 'Make room, or write it elsewhere, and run the command again.',
  },
  'not-text': {
    means: 'A line of a stream is not UTF-8 text.',
    why: 'A recording is read line by line as JSON, and bytes that are no text cannot be.',
    fix: 'Write the recording as UTF-8, uncompressed.',
  },
  'line-too-long': {
    means: 'A line of a stream does not end within 8 MB.',
    why: 'A stream without line breaks would fill the memory.',
    fix: 'End each message with a line break.',
  },
  'not-json': {
    means: 'The text is not JSON.',
    why: 'Recordings have one JSON object a line, and records are one JSON document; nothing is read in part.',
    fix: 'Write the file anew with the command that made it, complete.',
    example: { wrong: '{"type":"period","t":60,', right: '{"type":"period","t":60}' },
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
