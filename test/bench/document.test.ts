import { describe, expect, it } from 'vitest';
import { type Observer, runScenario } from '../../bench/judge/benchmark.ts';
import { renderDocument } from '../../bench/judge/document/index.ts';
import type { Results } from '../../bench/judge/document/results.ts';
import { type Contestant, OURS } from '../../bench/judge/judges.ts';
import { codeDeployErrors, codeDeployRate } from '../../bench/judge/peers/codedeploy.ts';
import { kayenta } from '../../bench/judge/peers/kayenta.ts';
import { SCENARIOS } from '../../bench/judge/scenarios/index.ts';
import { scoreOf } from '../../bench/judge/score.ts';

/** Stands in for our judge, so that the document does not change whenever the judge does. */
const STAND_IN: Contestant = {
  name: OURS,
  title: 'Stand-in',
  says: 'a rule that never changes',
  make: () => codeDeployRate(100),
};
const PEERS: readonly Contestant[] = [
  { name: 'errors', title: 'Errors', says: 'errors > 0', make: codeDeployErrors },
  { name: 'ranks', title: 'Ranks', says: 'rank tests', make: () => kayenta(10) },
];
const NAMES = [
  'steady-checkout',
  'chronic-login',
  'incident-errors',
  'errors-x5',
  'errors-late-x100',
  'kpi-100',
  'silent',
  'border-kpi',
  'client-large',
];
const BORDER_RATES = [
  { says: 'errors', reached: { normal: { count: 1, of: 2000 }, high: { count: 12, of: 2000 } } },
];
const SILENT: Observer = { scenario: () => undefined, judged: () => undefined };

function resultsOf(names: readonly string[], contestants: readonly Contestant[]): Results {
  const scenarios = SCENARIOS.filter(({ name }) => names.includes(name));
  const plan = { seed: 9, scale: 0.02, scenarios, contestants };
  return {
    ...plan,
    scenarios: scenarios.map((scenario) => runScenario(plan, scenario, SILENT, () => 0)),
  };
}

describe('the document', () => {
  const results = resultsOf(NAMES, [STAND_IN, ...PEERS]);
  const text = renderDocument(results, BORDER_RATES);

  it('looks like this', async () => {
    await expect(text).toMatchFileSnapshot('judge-benchmark.golden.md');
  });

  it('is the same, byte for byte, when everything is run again', () => {
    expect(renderDocument(resultsOf(NAMES, [STAND_IN, ...PEERS]), BORDER_RATES)).toBe(text);
  });

  it('has tables with as many cells in a row as in the head', () => {
    const widths = text.split('\n').map((line) => (line.startsWith('|') ? line.split(' | ').length : null));
    for (const [i, width] of widths.entries()) {
      if (width !== null && widths[i - 1] !== null && i > 0)
        expect(width, `line ${i + 1}`).toBe(widths[i - 1]);
    }
  });

  it('leaves out what was not run', () => {
    const part = renderDocument(resultsOf(['errors-x5'], PEERS), null);
    expect(part).toContain('Stepshift was not among the judges');
    for (const heading of ['## False rollbacks', '## On the border', '## Error rate on the border']) {
      expect(part).not.toContain(heading);
    }
    expect(part).not.toContain('NaN');
  });

  it('says when no peer is better', () => {
    const nobody = renderDocument(resultsOf(['errors-x5', 'steady-checkout'], [STAND_IN]), null);
    expect(nobody).toContain('In no harm scenario of this run.');
    expect(nobody).toContain('In no healthy scenario of this run');
  });

  it('names what a judge leaves undecided', () => {
    const [scenario] = results.scenarios;
    if (scenario === undefined) throw new Error('there is no scenario');
    const undecided = scoreOf([
      { kind: 'inconclusive', minutesAfterOnset: null, bad: 0 },
      { kind: 'kept', minutesAfterOnset: null, bad: 0 },
    ]);
    const scores = new Map([[OURS, undecided]]);
    const shown = renderDocument(
      { ...results, contestants: [STAND_IN], scenarios: [{ ...scenario, scores }] },
      null,
    );
    expect(shown).toContain('| Stand-in | steady-checkout | checkout | 50.0 |');
  });
});
