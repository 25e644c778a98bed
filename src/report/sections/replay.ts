// How to decide again from what is in this file, and what other settings would have decided.
import type { ReplayOutcome, ReportDocument, WhatIfRow } from '../../core/report-document.ts';
import type { Tone } from '../../core/timeline.ts';
import { formatCount, formatDuration, formatPercent } from '../../core/units.ts';
import { type Html, html, said } from '../html.ts';
import { look, NOTHING, none, section, table, time } from '../parts.ts';

export function replaySection({ report, whatIf, record }: ReportDocument): Html {
  if (whatIf.length === 0 && report.course.every(({ verdict }) => verdict === null)) {
    return section('replay', none('Nothing was judged, so there is nothing to decide again.'));
  }
  return section('replay', html`${commands(record, whatIf)}${whatIfTable(whatIf)}`);
}

function commands(record: string | null, whatIf: readonly WhatIfRow[]): Html {
  if (record === null)
    return none('What the looks saw is not in this file, so it cannot be replayed from it.');
  const changed = whatIf.filter((row) => row.change !== null);
  const telling = changed.find((row) => !isSame(row, whatIf[0])) ?? changed[0];
  const change = telling?.change ?? 'checks.errors.limit=2%';
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
  const [unchanged] = rows;
  const same = rows.filter((row) => row !== unchanged && isSame(row, unchanged));
  const shown = rows.filter((row) => !same.includes(row));
  return html`${table(
    'The same traffic under other settings. Requests are those of the periods that had begun by then, as far as metrics showed them; what a setting would have sent to the new version beyond what it really got is not known.',
    [
      { title: 'Setting' },
      { title: 'Outcome' },
      { title: 'Decided' },
      { title: 'After', isNumber: true },
      { title: 'Weight', isNumber: true },
      { title: 'Requests', isNumber: true },
      { title: 'Failed', isNumber: true },
      { title: 'Fewer failed', isNumber: true },
    ],
    shown.map((row) => cellsOf(row, unchanged)),
  )}${same.length === 0 ? null : changedNothing(same)}${shown.some(({ outcome }) => outcome === 'PASSED') ? PASSED : null}`;
}

const PASSED = none(
  'Passed so far: nothing that was measured had spoken against it when the record ended. What people or other tools did is not decided again.',
);

function isSame(row: WhatIfRow, unchanged: WhatIfRow | undefined): boolean {
  return JSON.stringify({ ...row, change: null }) === JSON.stringify({ ...unchanged, change: null });
}

/** Rows that repeat the first one are noise. */
function changedNothing(rows: readonly WhatIfRow[]): Html {
  const changes = rows.map(
    ({ change }, index) => html`${index === 0 ? '' : ', '}<code>${said(change ?? '', 120)}</code>`,
  );
  return html`<p>These would have changed nothing: ${changes}.</p>
`;
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
