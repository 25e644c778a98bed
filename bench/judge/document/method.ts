// What was simulated, who judged, and what this evidence cannot show.
import { ROLLBACK_DELAY_SEC } from '../score.ts';
import { bucketShares, expectedQuantile } from '../traces/latency.ts';
import type { ServiceProfile } from '../traces/scenario.ts';
import { count, table } from './format.ts';
import type { Results } from './results.ts';

export function methodSection(results: Results): readonly string[] {
  return [
    '## What was simulated',
    '',
    'A rollout is an hour of stable alone, then the periods of a plan with both versions. Each period has a Poisson number of',
    'requests, split by the weight; each request fails, converts and takes its time at random. Every rollout draws its own',
    'load (75 to 135 % of the service’s usual one), speed (80 to 125 %) and times of events. Load jitters by 5 % from period to',
    'period, the usual error rate by 10 %, and latency drifts by about 3 % for both versions and 2 % for each alone; some scenarios',
    'have more of these. Counts are drawn exactly (no normal approximation), and latencies reach the judges as',
    'histograms whose buckets are 11.8 % wide. A fault of the canary changes only the canary’s requests.',
    '',
    ...table(
      ['service', 'requests/min', 'errors %', 'p50 ms', 'p99 ms', 'conversions %'],
      servicesOf(results).map(serviceRow),
    ),
    '',
    'The absolute limits are those that an operator would set who knows the service: an error rate of twice the usual one and at',
    'least 1 %, and a p99 of twice the usual one. All judges of limits get the same. With looser limits they would roll back',
    'fewer services that fail or are slow by nature, and miss more.',
    '',
    '### The judges',
    '',
    ...table(
      ['judge', 'rule'],
      results.contestants.map(({ title, says }) => [title, says]),
      2,
    ),
    '',
    'The peers’ rules were written anew from their documentation and described behaviour; none of their code runs here. Each',
    'sees a trace period by period and answers before the next one. Traces are recorded: nobody can stretch a stage, so the',
    'holds of Stepshift and the halts of Flagger and Argo Rollouts, which spare users bad requests, do not count for anyone.',
    'Kayenta is not asked where a plan leaves nothing on stable. A KPI is seen by Stepshift and Kayenta alone: the others’',
    'examples have no limit for one. Silence is seen by all but the alarms, which take missing data as no breach.',
    '',
    '### How it is scored',
    '',
    `A rollback is in force ${ROLLBACK_DELAY_SEC} s after the end of the period that brought it about, for every judge alike: metrics become visible, traffic`,
    'moves. Bad requests until then count. Harm that is never found counts to the end of the plan and no further, which is kind to',
    'those who miss it. Every scenario weighs the same in means over scenarios.',
  ];
}

function servicesOf(results: Results): readonly ServiceProfile[] {
  return [...new Set(results.scenarios.map(({ scenario }) => scenario.service))].toSorted(
    (a, b) => b.requestsPerMinute - a.requestsPerMinute,
  );
}

function serviceRow(service: ServiceProfile): readonly string[] {
  const latency = bucketShares(service.latency);
  return [
    service.name,
    count(service.requestsPerMinute),
    String(Number((service.errorShare * 100).toPrecision(6))),
    count(expectedQuantile(latency, 0.5)),
    count(expectedQuantile(latency, 0.99)),
    service.conversionShare === null ? '–' : String(Number((service.conversionShare * 100).toPrecision(6))),
  ];
}

export function limitsSection(): readonly string[] {
  return [
    '## Limits of this evidence',
    '',
    '- The traces are generated, by the project whose judge is judged. Load shapes are partly recorded; no canary rollout is.',
    '- Earlier results on these scenarios, with another seed, were seen while the judge was changed. The default seed is new since\n  then; the scenarios are not.',
    '- Errors, latency and conversions follow simple laws (Poisson, log-normal, clusters, shared and private noise). Real',
    '  services have stranger ones.',
    '- The peers run with documented examples and an operator’s limits. A team that tunes them for one service does better there.',
    '- Kayenta’s documentation advises hours and at least 50 points per metric, and a baseline as large as the canary. These plans',
    '  are shorter, and their stable side is not a baseline of the same size.',
    '- Traffic is split at random request by request. With sticky clients the versions differ more than chance alone explains.',
    '- A scenario’s percentage is as sure as its interval says; 0 of a few dozen is not «never».',
    '- Bad requests are counted within the plan only. A bad version that is kept goes on after it.',
  ];
}
