// What nobody can know of a rollout before it starts, said in the plan instead of guessed.
import type { ServiceSpec } from './service-spec.ts';

/** Sentences. */
export function unknownBeforeStart({ checks }: ServiceSpec): readonly string[] {
  const usual = checks.latency === null ? 'error rate' : 'error rate and latency';
  const names = checks.custom.map(({ name }) => name).join(', ');
  return [
    `The usual ${usual} of the stable version: read at the start, of its last hour.`,
    ...(checks.latency === null
      ? []
      : [
          'Whether slow requests can be counted or only percentiles are there to compare: tried at the start. By percentiles alone, a slower version is found later.',
        ]),
    ...(names === ''
      ? []
      : [`Whether the metrics of ${names} report for both versions: seen as they come in.`]),
  ];
}
