// The generated blocks of the documents in docs/: what a command prints, and what the judge saw look by look.
import { join } from 'node:path';
import { runCli } from '../src/cli/program.ts';
import { readScenario } from '../src/cli/scenario-source.ts';
import type { AuditFact } from '../src/core/audit/facts.ts';
import { formatCount, formatPercent } from '../src/core/units.ts';
import { simulate } from '../src/sim/simulate.ts';
import { type GeneratedBlock, markdownTable } from './fresh-blocks.ts';

const ROOT = join(import.meta.dirname, '..');
/** The part of the output that a terminal of the usual height still shows when a command has ended. */
export const LAST_LINES = 24;
/** As wide as a terminal that nobody made wider. */
export const COLUMNS = 80;

/** Blocks by the document that they stand in, relative to the root. */
export async function docsBlocks(): Promise<Readonly<Record<string, readonly GeneratedBlock[]>>> {
  return {
    'docs/comprehension.md': [
      { name: 'terminal', text: fenced(await lastLines('examples/error-spike', COLUMNS)) },
      { name: 'piped', text: fenced(await lastLines('examples/error-spike')) },
    ],
    'docs/how-it-decides.md': [{ name: 'looks', text: await looksTable('slow-leak') }],
  };
}

/**
 * What is left on the screen after `stepshift simulate` of a folder, relative to the root.
 * @param columns of the terminal; left out: piped
 */
export async function lastLines(folder: string, columns?: number): Promise<string> {
  let output = '';
  await runCli(['simulate', folder], {
    writeOut: (text) => {
      output += text;
    },
    writeErr: () => {},
    isTerminal: { out: columns !== undefined, err: columns !== undefined },
    ...(columns === undefined ? {} : { columns }),
    cwd: ROOT,
    env: { NO_COLOR: '1' },
  });
  return output.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
}

/** One row for each look that knew something of the canary's errors. */
async function looksTable(example: string): Promise<string> {
  const { service, scenario } = await readScenario(join(ROOT, 'examples'), example);
  const { record } = await simulate(service.spec, service.specDigest, scenario);
  const rows = record.entries.flatMap(({ fact }) => lookRow(fact));
  return markdownTable(
    ['look at', 'canary requests', 'canary fails', 'stable fails', 'where it may lie', 'evidence', 'verdict'],
    rows,
    (column) => column > 0 && column < 6,
  );
}

function lookRow(fact: AuditFact): readonly (readonly string[])[] {
  if (fact.kind !== 'judged') return [];
  const errors = fact.verdict.checks.find(({ check }) => check === 'errors');
  if (errors === undefined || errors.canary === null || errors.stable === null) return [];
  const { interval, sample, canary, stable, evidence } = errors;
  return [
    [
      new Date(fact.atMs).toISOString().slice(11, 16),
      formatCount(sample ?? 0),
      formatPercent(canary),
      formatPercent(stable),
      interval === null ? '–' : `${formatPercent(roundTiny(interval[0]))} to ${formatPercent(interval[1])}`,
      String(evidence ?? '–'),
      fact.verdict.kind,
    ],
  ];
}

/** A bound that is zero but for the rounding of the computer. */
function roundTiny(percent: number): number {
  return percent < 1e-6 ? 0 : percent;
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
