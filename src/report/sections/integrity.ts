// Whether the record is whole, and which invariants were checked on it.
import type { Examination, InvariantResult } from '../../core/audit/examination.ts';
import type { ReportDocument } from '../../core/report-document.ts';
import type { Tone } from '../../core/timeline.ts';
import { formatCount } from '../../core/units.ts';
import { type Html, html, said } from '../html.ts';
import { look, none, section, table } from '../parts.ts';

export function integritySection({ examination, examinationNote, record }: ReportDocument): Html {
  const found =
    examination === null
      ? html`<p>${said(examinationNote ?? NO_RECORD, 400)}</p>
`
      : examined(examination);
  return section('integrity', html`${found}${command(record)}`);
}

const NO_RECORD =
  'There is no record to examine, so S1 to S21 and L1 to L7 were not checked and nothing is said here about what was written.';

function command(record: string | null): Html {
  if (record === null) return none('The record is not in this file, so this file alone cannot be verified.');
  return html`<p>The record is in this file. Check it yourself:</p>
<pre>stepshift verify --file FILE.html</pre>
`;
}

function examined(examination: Examination): Html {
  const { entries, firstBad, invariants } = examination;
  const count = `${formatCount(entries)} ${entries === 1 ? 'entry' : 'entries'}`;
  const chain =
    firstBad === null
      ? html`<p>${look('good', '✔', 'Chain whole')}: ${count}, each with the hash of the one before.</p>`
      : html`<p>${look('bad', '✖', 'Chain broken')}: the first bad entry of ${count} is ${firstBad.entry} (${said(firstBad.why, 300)}). Only what stands before it was checked.</p>`;
  const violated = invariants.filter(({ state }) => state === 'violated');
  return html`${chain}
<p>${summary(invariants)}</p>
${violated.length === 0 ? null : invariantTable('Violated invariants', violated)}<details><summary>All invariants, S1 to L7</summary>
${invariantTable('What must hold in every rollout, as found in this record', invariants)}</details>
`;
}

function summary(invariants: readonly InvariantResult[]): Html {
  const inState = (state: InvariantResult['state']) =>
    invariants.filter((invariant) => invariant.state === state).length;
  const violated = inState('violated');
  const verdict =
    violated === 0 ? look('good', '✔', 'None violated') : look('bad', '✖', `Violated: ${violated}`);
  return html`${verdict}: ${inState('held')} invariants hold, ${inState('not evaluated')} found nothing to check.`;
}

const STATE_LOOKS: Readonly<Record<InvariantResult['state'], readonly [Tone, icon: string]>> = {
  held: ['good', '✔'],
  violated: ['bad', '✖'],
  'not evaluated': ['neutral', '–'],
};

function invariantTable(caption: string, invariants: readonly InvariantResult[]): Html {
  return table(
    caption,
    [
      { title: 'Invariant' },
      { title: 'State' },
      { title: 'Checked', isNumber: true },
      { title: 'What it says' },
    ],
    invariants.map((invariant) => [
      said(invariant.id, 8),
      look(...STATE_LOOKS[invariant.state], invariant.state),
      html`${formatCount(invariant.evaluations)}×`,
      html`${said(invariant.says, 400)}${detailOf(invariant)}`,
    ]),
  );
}

function detailOf({ state, needs, breaches }: InvariantResult): Html | null {
  if (state === 'not evaluated') return html`<br>Needs ${said(needs, 300)}.`;
  return html`${breaches.map(
    ({ entry, sentence }) => html`<br>${entry === null ? null : `Entry ${entry}: `}${said(sentence, 400)}`,
  )}`;
}
