// What had to hold before any traffic moved: gates, and who passed which shut gate for what reason.
import type { GateResult } from '../../core/gates.ts';
import type { ReportDocument } from '../../core/report-document.ts';
import { type Html, html, said } from '../html.ts';
import { look, none, section, table } from '../parts.ts';

const COLUMNS = [{ title: 'Gate' }, { title: 'State' }, { title: 'Finding' }];

export function preflightSection({ report: { gates } }: ReportDocument): Html {
  if (gates.length === 0) {
    return section('preflight', none('The gates did not run, or what they found is not in this report.'));
  }
  const open = gates.filter((gate) => gate.open);
  const others = gates.filter((gate) => !gate.open);
  return section('preflight', html`${exceptions(others)}${openGates(open)}`);
}

function exceptions(gates: readonly GateResult[]): Html {
  if (gates.length === 0)
    return none('No gate was shut, nothing was waived, and no firing alarm was accepted.');
  return table(
    'Gates that were shut. A waived one was passed for the reason that is given; an accepted alarm is such a waiver.',
    COLUMNS,
    gates.map(cellsOf),
  );
}

function openGates(gates: readonly GateResult[]): Html | null {
  if (gates.length === 0) return null;
  return html`<details><summary>Open gates: ${gates.length}</summary>
${table('Conditions that held before any traffic moved', COLUMNS, gates.map(cellsOf))}</details>
`;
}

function cellsOf(gate: GateResult): readonly Html[] {
  return [said(gate.gate, 80), stateOf(gate), html`${said(gate.finding, 600)}${detailOf(gate)}`];
}

function stateOf({ open, waivedBecause }: GateResult): Html {
  if (open) return look('good', '✔', 'open');
  return waivedBecause === null ? look('bad', '✖', 'shut') : look('caution', '!', 'waived');
}

function detailOf({ problem, waivedBecause }: GateResult): Html | null {
  if (waivedBecause !== null) return html`<br>Waived because: ${said(waivedBecause)}`;
  return problem === null ? null : html`<br>Fix: ${said(problem.fix)}`;
}
