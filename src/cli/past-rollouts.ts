// Rollouts that have ended, the newest first: which ones there were from Step Functions, how they ended from their rows.
import type { Command } from 'commander';
import { InvalidInputError } from '../core/errors.ts';
import { plainText } from '../core/plain-text.ts';
import { isoTime, ukTime } from '../core/uk-time.ts';
import type { RolloutRow } from '../ports.ts';
import { type CommandResult, EXIT } from './command.ts';
import type { EndedExecution, Engine } from './engine.ts';
import { assertNames } from './names.ts';
import { parseOption } from './options.ts';
import { alignColumns } from './table.ts';

export interface PastWish {
  /** null: of all services. */
  readonly service: string | null;
  readonly limit: number;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 200;
/** Somebody waits: rollouts of other services are passed over, but not without end. */
const MAX_LOOKED_AT = 500;
/** Rows that are asked for side by side. */
const ROWS_AT_ONCE = 8;

export function addPastOptions(command: Command): void {
  command
    .option('--past', 'those that have ended, the newest first')
    .option('--service <name>', 'with --past: of this service alone')
    .option('--limit <number>', `with --past: so many at the most (${DEFAULT_LIMIT} where nothing is said)`);
}

/** null: --past was not given. Throws InvalidInputError for what makes no sense together. */
export function pastWish(
  rolloutId: string | undefined,
  options: Readonly<Record<string, unknown>>,
): PastWish | null {
  const limit = parseOption(options['limit'], {
    flag: '--limit',
    allowed: `a whole number from 1 to ${MAX_LIMIT}`,
    parse: (text) => (/^\d{1,3}$/.test(text) ? Number(text) : undefined),
    isAllowed: (value) => value >= 1 && value <= MAX_LIMIT,
  });
  const service = options['service'] === undefined ? null : String(options['service']);
  const isPast = options['past'] === true;
  if (isPast && rolloutId !== undefined) throw contradiction('a rollout and --past were given');
  if (!isPast && (service !== null || limit !== undefined))
    throw contradiction('--service and --limit were given without --past');
  if (!isPast) return null;
  if (service !== null) assertNames({ service });
  return { service, limit: limit ?? DEFAULT_LIMIT };
}

function contradiction(got: string): InvalidInputError {
  return new InvalidInputError([
    {
      code: 'wrong-usage',
      what: 'status shows one rollout, or those that are running, or with --past those that have ended',
      where: 'command line',
      got,
      allowed: 'ROLLOUT, or nothing, or --past with or without --service NAME and --limit NUMBER',
      fix: 'See the arguments and options: stepshift status --help',
    },
  ]);
}

/** One that is over. `row` null: it ended before it had a record, so it moved nothing. */
export interface PastRollout {
  readonly execution: EndedExecution;
  readonly row: RolloutRow | null;
}

/** In their order, as many as are taken; rows are read a few at a time, ahead of whoever takes them. */
export async function* readPast({ store, endedExecutions }: Engine): AsyncGenerator<PastRollout> {
  let waiting: EndedExecution[] = [];
  const readAll = () =>
    Promise.all(
      waiting.map(async (execution) => ({ execution, row: await store.readRow(execution.rolloutId) })),
    );
  for await (const execution of endedExecutions()) {
    waiting.push(execution);
    if (waiting.length < ROWS_AT_ONCE) continue;
    yield* await readAll();
    waiting = [];
  }
  yield* await readAll();
}

export async function pastRollouts(
  engine: Engine,
  { service, limit }: PastWish,
  columns: number | undefined,
): Promise<CommandResult> {
  const found: PastRollout[] = [];
  let lookedAt = 0;
  let isComplete = true;
  for await (const past of readPast(engine)) {
    if (service === null || past.row?.service === service) found.push(past);
    lookedAt += 1;
    isComplete = found.length < limit && lookedAt < MAX_LOOKED_AT;
    if (!isComplete) break;
  }
  const past = found.map(pastData);
  const isCut = !isComplete && found.length < limit;
  const note = isCut ? [`Only the newest ${MAX_LOOKED_AT} of all services were looked at.`] : [];
  const of = service === null ? '' : ` of ${service}`;
  const nothing = isCut ? `None${of} is among them.` : `No rollout${of} has ended.`;
  return {
    code: EXIT.promotedOrClean,
    // false: there may be older ones
    data: { past, isComplete },
    text: [...note, ...(past.length === 0 ? [nothing] : pastTable(past, columns))].join('\n'),
    lines: past,
  };
}

/** Execution ended, row still open: the guard or the sweeper is about to close it. */
const OPEN = 'Its execution has ended and its record has not: the guard or the sweeper finishes it.';
const NO_RECORD = 'It ended before it had a record; no traffic was moved.';

type PastData = ReturnType<typeof pastData>;

function pastData({ execution, row }: PastRollout) {
  const { rolloutId, startedAtMs, endedAtMs } = execution;
  const endMs = row?.endedAtMs ?? endedAtMs;
  return {
    rolloutId,
    service: row?.service ?? null,
    version: row?.version ?? null,
    outcome: row?.outcome ?? null,
    startedAt: isoTime(row?.startedAtMs ?? startedAtMs),
    endedAt: endMs === null ? null : isoTime(endMs),
    sentence: row === null ? NO_RECORD : (row.reason?.sentence ?? OPEN),
  };
}

const DEFAULT_COLUMNS = 110;
/** Below that a sentence says nothing. */
const MIN_SENTENCE_COLUMNS = 24;
const INDENT = '    ';

/** A line of each, and under it one more that says why; the whole sentence is told by `stepshift why`. */
function pastTable(past: readonly PastData[], columns = DEFAULT_COLUMNS): readonly string[] {
  const cells = past.map(({ rolloutId, version, outcome, endedAt }) => [
    plainText(rolloutId),
    plainText(version ?? '–'),
    outcome ?? (version === null ? 'no record' : 'open'),
    endedAt === null ? '–' : ukTime(Date.parse(endedAt)),
  ]);
  const room = Math.max(MIN_SENTENCE_COLUMNS, columns - INDENT.length);
  // not limited: a row is one line, so that each sentence finds its own
  const [heading = '', ...rows] = alignColumns([['rollout', 'version', 'outcome', 'ended'], ...cells]);
  return [
    heading,
    ...rows.flatMap((row, index) => [row, `${INDENT}${plainText(past[index]?.sentence ?? '', room)}`]),
  ];
}
