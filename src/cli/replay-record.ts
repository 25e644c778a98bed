// `stepshift replay report.html`: the record of a rollout decided again, as it was judged and as it would have been.
import { resolve } from 'node:path';
import { factsOf } from '../core/audit/facts.ts';
import { type Redecided, redecide } from '../core/audit/redecide.ts';
import type { ReplayOutcome } from '../core/report-document.ts';
import type { Outcome } from '../core/rollout.ts';
import { isoTime } from '../core/uk-time.ts';
import { writeOut } from '../core/written-service.ts';
import { type JudgedRecord, type RecordReplay, replayRecord } from '../replay/record-replay.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { withFirstProblems } from './first-problems.ts';
import { readJudgedRecord } from './record-source.ts';
import { replayData, replayExitCode } from './replay-data.ts';
import { replayText } from './replay-text.ts';
import { readServiceFile } from './service-source.ts';
import { styleOf } from './timeline.ts';
import { whatIfSpec } from './what-if.ts';

export interface RecordWish {
  readonly file: string;
  /** null: only the service file of the record itself. */
  readonly service: string | null;
  readonly whatIf: readonly string[];
}

interface WhatIf extends RecordReplay {
  readonly changes: readonly string[];
}

export async function replayRecordFile(wish: RecordWish, context: CommandContext): Promise<CommandResult> {
  const record = await withFirstProblems(() => readJudgedRecord(context.cwd, wish.file));
  const { prepared } = record;
  const asIs = replayRecord(record).replay;
  const redecided = redecide(prepared, record.entries);
  const whatIf = await whatIfOf(wish, record, context.cwd);
  const recording = {
    name: record.rolloutId,
    version: prepared.canary.version,
    isClockKnown: true,
    startedAtMs: prepared.startedAtMs,
  };
  const recorded = recordedEnd(record, redecided);
  const notes = [againNote(redecided), ...endNotes(recorded.outcome, asIs.outcome), ...(whatIf?.notes ?? [])];
  const data = {
    recording: recording.name,
    ...replayData(asIs, recording),
    recorded,
    whatIf: whatIf === null ? null : { changes: whatIf.changes, ...replayData(whatIf.replay, recording) },
    notes,
  };
  const { timeline, ...summary } = data;
  const telling = { service: prepared.spec.service, recording, replay: asIs, whatIf, notes };
  return {
    code: replayExitCode(asIs),
    data,
    text: replayText(telling, styleOf(context)),
    lines: [...timeline, summary],
  };
}

async function whatIfOf(
  { service, whatIf: changes }: RecordWish,
  record: JudgedRecord,
  cwd: string,
): Promise<WhatIf | null> {
  if (service === null && changes.length === 0) return null;
  const { spec: was } = record.prepared;
  const { spec, written } =
    service === null
      ? { spec: was, written: { service: was.service, ...writeOut(was) } }
      : await readServiceFile(resolve(cwd, service), service);
  const { replay, notes } = replayRecord(record, changes.length === 0 ? spec : whatIfSpec(written, changes));
  const other =
    spec.service === was.service
      ? []
      : [`The service file is of ${spec.service}, and the record of ${was.service}.`];
  return {
    changes: [...(service === null ? [] : [`--service ${service}`]), ...changes],
    replay,
    notes: [...other, ...notes],
  };
}

/** People, other versions and late writes end a rollout too; the replay knows only what its checks say. */
function endNotes(recorded: Outcome | null, replayed: ReplayOutcome): readonly string[] {
  if (recorded === null) return ['The rollout itself had not ended when this was recorded.'];
  return recorded === replayed ? [] : [`The rollout itself ended as ${recorded}.`];
}

function againNote({ decisions, difference }: Redecided): string {
  if (difference === null) return `All ${decisions} judgements come out as they were recorded.`;
  return `This release decides entry ${difference.n} otherwise: ${difference.why}. What comes after it is not told for certain; replay it with the release that ran it.`;
}

/** How the rollout itself ended: null while it ran. */
function recordedEnd({ entries }: JudgedRecord, { difference }: Redecided) {
  const [ended] = factsOf(entries, 'ended');
  return {
    outcome: ended?.outcome ?? null,
    endedAt: ended === undefined ? null : isoTime(ended.atMs),
    sentence: ended?.reason.sentence ?? null,
    isDecidedAlike: difference === null,
  };
}
