// The comprehension check: what a tired reader has to know stands in the last 24 lines of a terminal, for every way to end.
import { beforeAll, describe, expect, it } from 'vitest';
import { COLUMNS, LAST_LINES, lastLines } from '../../scripts/docs-blocks.ts';
import { headlineOf } from '../../src/core/report-summary.ts';
import { ukTime } from '../../src/core/uk-time.ts';
import { formatCount } from '../../src/core/units.ts';
import type { SimulationResult } from '../../src/sim/simulation-result.ts';
import { played } from '../scenarios/examples.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { proseOf, readDocument } from './markdown.ts';

/** Why it ended, by an example each. */
const EXAMPLES: Readonly<Record<string, SimulationResult['outcome']>> = {
  'error-spike': 'ROLLED_BACK',
  latency: 'ROLLED_BACK',
  'slow-canary': 'ROLLED_BACK',
  'silent-canary': 'ROLLED_BACK',
  'conversion-drop': 'ROLLED_BACK',
  'alarm-fires': 'ROLLED_BACK',
  'alb-hang': 'ROLLED_BACK',
  'rollback-api-throttled': 'ROLLED_BACK',
  'no-traffic': 'ROLLED_BACK',
  'approval-unanswered': 'ROLLED_BACK',
  'aborted-by-person': 'ABORTED',
  'hotfix-supersedes': 'SUPERSEDED',
  'already-in-alarm': 'REJECTED',
  healthy: 'PROMOTED',
};

/** What `traffic` has to say; version 41 is stable and 42 the canary in all of them. */
const TRAFFIC: Readonly<Partial<Record<SimulationResult['outcome'], string>>> = {
  ROLLED_BACK: 'traffic Safe: all of it is on version 41, read back.',
  ABORTED: 'traffic Safe: all of it is on version 41, read back.',
  SUPERSEDED: 'traffic Where somebody else put it',
  REJECTED: 'traffic Untouched: nothing was shifted.',
  PROMOTED: 'traffic All of it is on version 42, read back.',
};

/** Line breaks and indents are the terminal's, not the sentence's. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

describe.each(Object.entries(EXAMPLES))('after %s, %s', (example, outcome) => {
  let screen = '';
  let result: SimulationResult;
  beforeAll(async () => {
    // one after the other: a simulation has the clock of its process
    screen = await lastLines(`examples/${example}`, COLUMNS);
    result = (await played(example)).result;
    // a day of waiting is played twice, on a machine that may be busy
  }, 60_000);

  it('fits the terminal', () => {
    const lines = screen.split('\n');
    expect(lines.length).toBeLessThanOrEqual(LAST_LINES);
    expect(lines.filter((line) => [...line].length > COLUMNS)).toEqual([]);
  });

  it('says what and when', () => {
    expect(result.outcome).toBe(outcome);
    const { icon, what } = headlineOf(result.report);
    expect(flat(screen)).toContain(`${icon} ${what} at ${ukTime(Date.parse(result.endedAt))}`);
  });

  it('says why, with the whole sentence', () => {
    expect(flat(screen)).toContain(`— ${flat(result.reason.sentence)}`);
  });

  it('says how bad it was', () => {
    const { exposure } = result;
    expect(flat(screen)).toContain(
      `${formatCount(exposure.canaryRequests)} canary requests, ${formatCount(exposure.badRequests)} bad`,
    );
  });

  it('says whether traffic is safe', () => {
    expect(flat(screen)).toContain(TRAFFIC[outcome]);
    if (outcome === 'ROLLED_BACK') expect(result.safeAt).not.toBeNull();
  });

  it('says what next', () => {
    expect(screen).toMatch(/^next {5}\w/m);
    expect(screen).toMatch(/^ {9}stepshift \w/m);
  });
});

it('after a way back that never worked, the last lines say that traffic is not safe, and how to take it back by hand', async () => {
  // the one end after which somebody has to get up; no example ends like this
  using folder = tempFolder({
    'service.yaml':
      'service: checkout\ntarget:\n  lambdaAlias: { function: checkout-api, alias: live, interface: event }\n',
    'scenario.yaml': [
      'description: The new version is bad, and Lambda takes no writes any more.',
      'version: "42"',
      'traffic: { constant: 6000 }',
      'canary: { errors: 5% }',
      'horizon: 1h',
      'faults: { apis: [{ api: UpdateAlias, kind: throttle, from: 1m, for: 2h }] }',
    ].join('\n'),
  });
  const screen = await lastLines(folder.path, COLUMNS);
  expect(screen.split('\n').length).toBeLessThanOrEqual(LAST_LINES);
  const said = flat(screen);
  expect(said).toContain('! Rollback incomplete: 5 % may still reach version 42 at ');
  expect(said).toContain('— Rolled back checkout v42 at 5 % after ');
  expect(said).toMatch(/[\d,]+ canary requests, [\d,]+ bad/);
  expect(said).toContain('traffic Not known to be safe: 5 % may still reach version 42.');
  expect(said).toContain(
    'next Take it back by hand: stepshift emergency-stop SERVICE_FILE docs/runbook.md#rollback-delayed',
  );
  expect(said).not.toContain('traffic safe');
});

describe('docs/comprehension.md', () => {
  const page = readDocument('docs/comprehension.md');

  it('answers with the facts of the rollout that it shows', async () => {
    const { exposure, endedAt, reason } = (await played('error-spike')).result;
    const prose = flat(proseOf(page));
    const facts = [
      '30 of 485',
      '6.19 %',
      '0.0864 %',
      '0.13 %',
      `${exposure.canaryRequests} requests`,
      `${exposure.badRequests} of them`,
      endedAt.slice(11, 16),
    ];
    for (const fact of facts) expect(prose).toContain(fact);
    for (const fact of facts.slice(0, 4)) expect(reason.sentence).toContain(fact);
  });
});
