// How to decide again from what is in this file, and what other settings would have decided.
import type { ReplayOutcome, ReportDocument, WhatIfRow } from '../../core/report-document.ts';
import type { Tone } from '../../core/timeline.ts';
import { formatCount, formatDuration, formatPercent } from '../../core/units.ts';
import { type Html, html, said } from '../html.ts';
import { look, NOTHING, none, section, table, time } from '../parts.ts';

export function replaySection({ whatIf, record }: ReportDocument): Html {
  return section('replay', html`${commands(record, whatIf)}${whatIfTable(whatIf)}`);
}

function commands(record: string | null, whatIf: readonly WhatIfRow[]): Html {
  if (record === null)
    return none('What the looks saw is not in this file, so it cannot be replayed from it.');
  const change = whatIf.find((row) => row.change !== null)?.change ?? 'checks.errors.limit=2%';
  return html`<p>What every look saw is in this file. The first command decides again from it; the second tries another setting on the same traffic:</p>
<pre>stepshift replay FILE.html
stepshift replay FILE.html --what-if ${said(change, 120)}</pre>
`;
}

const OUTCOME_LOOKS: Readonly<Record<ReplayOutcome, readonly [Tone, icon: string, word: string]>> = {
  PROMOTED: ['good', '✔', 'promoted'],
  PASSED: ['good', '✔', 'passed so far'],
  ROLLED_BACK: ['bad', '✖', 'rolled back'],
  INCONCLUSIVE: ['caution', '?', 'inconclusive'],
};

function whatIfTable(rows: readonly WhatIfRow[]): Html {
  if (rows.length === 0) return none('No other settings were tried on this rollout.');
  return table(
    'The same traffic under other settings. What a setting would have sent to the new version beyond what it really got is not known.',
    [
      { title: 'Setting' },
      { title: 'Outcome' },
      { title: 'Decided' },
      { title: 'After', isNumber: true },
      { title: 'Weight', isNumber: true },
      { title: 'Requests', isNumber: true },
      { title: 'Bad', isNumber: true },
      { title: 'Fewer bad', isNumber: true },
    ],
    rows.map((row) => cellsOf(row, rows[0])),
  );
}

function cellsOf(row: WhatIfRow, unchanged: WhatIfRow | undefined): readonly Html[] {
  const { canaryRequests, badRequests } = row.exposure;
  return [
    row.change === null ? html`as it was` : html`<code>${said(row.change, 120)}</code>`,
    look(...OUTCOME_LOOKS[row.outcome]),
    time(row.at),
    html`${formatDuration(row.elapsedSeconds)}`,
    html`${formatPercent(row.weightPercent)}`,
    html`${formatCount(canaryRequests)}`,
    html`${formatCount(badRequests)}`,
    row === unchanged || unchanged === undefined
      ? NOTHING
      : html`${fewer(unchanged.exposure.badRequests - badRequests)}`,
  ];
}

function fewer(difference: number): string {
  return difference < 0 ? `−${formatCount(-difference)}` : formatCount(difference);
}
