// Where a peer is better than Stepshift: looked for in the results, not chosen by hand.
import type { ScenarioResult } from '../benchmark.ts';
import { type Contestant, OURS } from '../judges.ts';
import { percentOf } from '../score.ts';
import { count, percent, table } from './format.ts';
import { falseRollbacks, hasOurs, ofClass, type Results, scoreIn } from './results.ts';

/** Less than this is not worth a row: chance alone moves the means that much. */
const BAD_MARGIN_PERCENT = 5;
const FOUND_MARGIN_PERCENT = 5;

export function betterSection(results: Results): readonly string[] {
  const heading = ['## Where a peer is better', ''];
  if (!hasOurs(results)) return [...heading, 'Stepshift was not among the judges of this run.'];
  return [...heading, ...onHarm(results), '', ...onHealthy(results)];
}

function onHarm(results: Results): readonly string[] {
  const harm = ofClass(results, 'harm');
  const peers = peersOf(results);
  const rows = harm.flatMap((result) => rowOf(result, peers));
  if (rows.length === 0) return ['In no harm scenario of this run.'];
  return [
    `A peer counts as better where its users met at least ${BAD_MARGIN_PERCENT} % fewer bad requests on average, or where it found the harm in at`,
    `least ${FOUND_MARGIN_PERCENT} % more of the rollouts. Rollbacks before the harm began count for it too: they spare bad requests. What it pays for`,
    'that stands beside it: how often it takes back a healthy canary.',
    '',
    ...table(
      ['peer', 'fewer bad requests', 'found more', 'of harm scenarios', 'false rollbacks %'],
      peers.map((peer) => peerRow(results, harm, peer)),
    ),
    '',
    'Scenario by scenario (mean bad requests; percent found):',
    '',
    ...table(
      ['scenario', 'what happens', 'peers with fewer bad requests', 'peers that found more', 'Stepshift'],
      rows,
      4,
    ),
  ];
}

function peerRow(
  results: Results,
  harm: readonly ScenarioResult[],
  { name, title }: Contestant,
): readonly string[] {
  const healthy = ofClass(results, 'healthy');
  return [
    title,
    String(harm.filter((result) => isKinder(result, name)).length),
    String(harm.filter((result) => findsMore(result, name)).length),
    String(harm.length),
    healthy.length === 0 ? '–' : percent(falseRollbacks(healthy, name)),
  ];
}

function rowOf(result: ScenarioResult, peers: readonly Contestant[]): readonly (readonly string[])[] {
  const listed = (isBetter: typeof isKinder, figure: (peer: string) => string): string =>
    peers
      .filter(({ name }) => isBetter(result, name))
      .map(({ name, title }) => `${title}: ${figure(name)}`)
      .join('; ');
  const mean = (judge: string): string => count(scoreIn(result, judge).bad.mean);
  const found = (judge: string): string => `${percentOf(scoreIn(result, judge).detected).toFixed(0)} %`;
  const kinder = listed(isKinder, mean);
  const finders = listed(findsMore, found);
  if (kinder === '' && finders === '') return [];
  const { name, says } = result.scenario;
  return [[name, says, kinder || '–', finders || '–', `${mean(OURS)}; ${found(OURS)}`]];
}

function isKinder(result: ScenarioResult, peer: string): boolean {
  return scoreIn(result, peer).bad.mean < (1 - BAD_MARGIN_PERCENT / 100) * scoreIn(result, OURS).bad.mean;
}

function findsMore(result: ScenarioResult, peer: string): boolean {
  const { detected } = scoreIn(result, OURS);
  return percentOf(scoreIn(result, peer).detected) >= percentOf(detected) + FOUND_MARGIN_PERCENT;
}

function onHealthy(results: Results): readonly string[] {
  const innocent = [...ofClass(results, 'healthy'), ...ofClass(results, 'weakness')];
  const rows = innocent.flatMap((result) => {
    const ours = scoreIn(result, OURS).rolledBack;
    const peers = peersOf(results).filter(({ name }) => scoreIn(result, name).rolledBack.count < ours.count);
    const { name, says } = result.scenario;
    return peers.length === 0
      ? []
      : [[name, says, peers.map(({ title }) => title).join('; '), percent(ours)]];
  });
  if (rows.length === 0)
    return ['In no healthy scenario of this run did a peer roll back less often than Stepshift.'];
  return [
    'Healthy canaries that a peer took back less often than Stepshift:',
    '',
    ...table(['scenario', 'what happens', 'peers', 'Stepshift %'], rows, 3),
  ];
}

function peersOf(results: Results): readonly Contestant[] {
  return results.contestants.filter(({ name }) => name !== OURS);
}
