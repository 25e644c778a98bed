// The result of a day: what was measured, and whether it agrees with what our code and documents assume.
import * as z from 'zod';
import { EXIT, type ExitCode } from '../../src/cli/command.ts';
import { type AnyExperiment, NOTHING_SEEN } from './experiment.ts';
import type { Journal } from './journal.ts';

const Scalar = z.union([z.number(), z.string(), z.boolean(), z.null()]);

const FactSchema = z.strictObject({
  id: z.string(),
  question: z.string(),
  assumption: z.string(),
  /** Where the assumption is written, relative to the repository. */
  place: z.string(),
  method: z.string(),
  verdict: z.enum(['agrees', 'disagrees', 'unknown']),
  measured: z.string(),
  values: z.record(z.string(), Scalar),
  samples: z.number(),
  /** Why it is not measured to its end; null when it is. */
  error: z.string().nullable(),
});
export type Fact = z.infer<typeof FactSchema>;

export const ResultSchema = z.strictObject({
  schemaVersion: z.literal(1),
  day: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  /** The last four digits. */
  account: z.string(),
  region: z.string(),
  metricMinutes: z.number(),
  hadBalancer: z.boolean(),
  estimatedUsd: z.number(),
  facts: z.array(FactSchema),
  /** What could not be removed. */
  leftOver: z.array(z.string()),
});
export type Result = z.infer<typeof ResultSchema>;

export function factsOf(experiments: readonly AnyExperiment[], journal: Journal): readonly Fact[] {
  return experiments.map(({ id, question, assumption, place, method, judge }) => {
    const played = journal.played.get(id);
    const finding = played === undefined ? NOTHING_SEEN : judge(played.samples);
    const isWhole = played?.state === 'done';
    return {
      id,
      question,
      assumption,
      place,
      method,
      // half of an experiment may contradict an assumption, it cannot confirm one
      verdict: !isWhole && finding.verdict === 'agrees' ? 'unknown' : finding.verdict,
      measured: finding.measured,
      values: { ...finding.values },
      samples: played?.samples.length ?? 0,
      error: isWhole ? null : (played?.error ?? (played === undefined ? 'not played' : 'cut short')),
    };
  });
}

export interface DayFacts {
  readonly journal: Journal;
  readonly experiments: readonly AnyExperiment[];
  readonly endedAtMs: number;
  readonly estimatedUsd: number;
  readonly leftOver: readonly string[];
}

/** Throws TypeError when the journal has no day. */
export function resultOf({ journal, experiments, endedAtMs, estimatedUsd, leftOver }: DayFacts): Result {
  const { day } = journal;
  if (day === null) throw new TypeError('a journal without a day');
  return {
    schemaVersion: 1,
    day: day.day,
    startedAt: new Date(day.atMs).toISOString(),
    endedAt: new Date(endedAtMs).toISOString(),
    account: `…${day.account.slice(-4)}`,
    region: day.region,
    metricMinutes: day.minutes,
    hadBalancer: day.balancerCidr !== null,
    estimatedUsd: Math.round(estimatedUsd * 100) / 100,
    facts: [...factsOf(experiments, journal)],
    leftOver: [...leftOver],
  };
}

/** A contradiction is the news of the day, so it goes before what is only missing. */
export function exitCodeOfResult({ facts, leftOver }: Pick<Result, 'facts' | 'leftOver'>): ExitCode {
  const has = (wanted: Fact['verdict']) => facts.some(({ verdict }) => verdict === wanted);
  if (has('disagrees')) return EXIT.rolledBack;
  return has('unknown') || leftOver.length > 0 ? EXIT.unexpected : EXIT.promotedOrClean;
}

export function resultMarkdown(result: Result): string {
  const { facts } = result;
  const count = (wanted: Fact['verdict']) => facts.filter(({ verdict }) => verdict === wanted).length;
  return [
    `# Game day ${result.day}`,
    '',
    `Account ${result.account}, ${result.region}, ${result.startedAt} to ${result.endedAt}. ` +
      `${count('agrees')} agree, ${count('disagrees')} disagree, ${count('unknown')} unknown.`,
    '',
    '| fact | verdict | measured | samples | assumed | written in |',
    '|---|---|---|---|---|---|',
    ...facts.map((fact) =>
      row([
        `\`${fact.id}\`: ${fact.question}`,
        fact.verdict === 'disagrees' ? '**disagrees**' : fact.verdict,
        fact.error === null ? fact.measured : `${fact.measured} (${fact.error})`,
        String(fact.samples),
        fact.assumption,
        fact.place,
      ]),
    ),
    '',
    ...(result.leftOver.length === 0
      ? ['Everything was removed.']
      : ['Left over:', '', ...result.leftOver.map((one) => `- ${one}`)]),
    '',
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
}
