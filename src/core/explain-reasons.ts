// Why a default is what it is, in one sentence, and where that comes from. Where nobody else can be named, it is ours.
import type { Path } from './json-schema-path.ts';
import { PRESETS } from './presets.ts';
import type { CustomCheck, ServiceSpec } from './service-spec.ts';
import type { TargetKindName } from './targets/index.ts';
import { formatDuration } from './units.ts';

export interface Reason {
  readonly source: string;
  /** One sentence without its full stop. */
  readonly why: string;
}

const ours = (why: string): Reason => ({ source: 'Stepshift default', why });
// Source: Flagger documentation, «Metrics Analysis», built-in metrics: success rate at least 99, duration at most 500 ms.
const flagger = (why: string): Reason => ({ source: "Flagger's documented example", why });

type ByTarget = Readonly<Record<TargetKindName, Reason>>;

/** By key of a service file; a check of one's own is `*` there. */
const DEFAULT_REASONS: Readonly<Record<string, Reason | ByTarget>> = {
  'target.lambdaAlias.interface': ours(
    'most aliases answer HTTP; that only exceptions are failures is for the team to say',
  ),
  'target.alb.mode': ours('a write that comes too late then finds no rule, so a rollback is final at once'),
  stages: ours('preset standard: four steps of 10 minutes, the last of which keeps 5 % to compare with'),
  'checks.errors.tolerance': ours('up to half as many failures again is taken for chance, more for harm'),
  'checks.errors.floor': ours('one failure in 1,000 requests is no reason to take a release back'),
  'checks.errors.limit': flagger('at least 99 % of the requests succeed'),
  'checks.errors.http5xx': {
    'lambda-alias': ours(
      'no metric is guessed; name one where answers are HTTP, for Lambda counts a 500 as success',
    ),
    'alb-rule': ours('not needed: a load balancer counts the answers of its targets itself'),
  },
  'checks.latency.tolerance': ours(
    'meant to lie above the noise between equal versions and below what users notice',
  ),
  'checks.latency.limit': flagger('requests take 500 ms at most'),
  'checks.latency.percentile': {
    source: 'Common practice',
    why: 'a mean hides slow requests, and p99 needs many more of them',
  },
  'checks.latency.onLimit': ours(
    'no fixed limit fits every service, so it tells people; being slower than stable rolls back',
  ),
  'checks.latency.warmUp': {
    'lambda-alias': ours(
      'more weight means new execution environments, and their cold starts are not the code',
    ),
    'alb-rule': ours('targets run and are healthy before they get traffic'),
  },
  'checks.latency.coldStarts': {
    'lambda-alias': ours(
      'Lambda publishes no metric of cold starts; with one, they are forgiven by their number',
    ),
    'alb-rule': ours('there are none behind a load balancer'),
  },
  'checks.throttles.limit': ours('as for errors, because to a caller a refused request has failed'),
  'checks.throttles': ours('a load balancer refuses no requests for want of concurrency'),
  'checks.alarms': ours('no alarm is guessed; the team knows which ones mean harm'),
  'checks.own': ours('none is guessed; only the team knows its business numbers'),
  'checks.*.lag': ours(
    'an order comes a minute or two after its page, so right after a raise the first ones are missing',
  ),
  'checks.*.onLimit': ours('a level proves nothing about a version, so it makes the rollout wait'),
  sensitivity: ours('at most 1 of 100 releases within their tolerances is rolled back by chance'),
  maxHold: ours('twice the bake of a standard stage'),
  onInconclusive: {
    source: 'As Argo Rollouts, which pauses',
    why: 'what cannot be known is for a person to weigh',
  },
  notify: ours('messages carry no channel, and subscriptions that filter on one get none'),
  waivers: ours('every gate counts'),
};

/** Throws TypeError for a key that has no default, or no reason: a defect. */
export function defaultReason(spec: ServiceSpec, path: Path): Reason {
  const check = spec.checks.custom.find(({ name }) => path[0] === 'checks' && path[1] === name);
  const own = check === undefined ? null : reasonOfOwn(check, path);
  if (own !== null) return own;
  const key = path.map((each, at) => (check !== undefined && at === 1 ? '*' : String(each))).join('.');
  const found = Object.hasOwn(DEFAULT_REASONS, key) ? DEFAULT_REASONS[key] : undefined;
  if (found === undefined) throw new TypeError(`no reason is given for the default of ${key}`);
  return 'why' in found ? found : found[spec.target.kind];
}

/** Defaults that depend on the kind of the check, or stand deep inside of it. */
function reasonOfOwn(check: CustomCheck, path: Path): Reason | null {
  if (path.includes('dimensions')) {
    return ours('one series per function and version, as countHttpStatus publishes them');
  }
  switch (path.at(-1)) {
    case 'stat':
      return ours(
        check.kind === 'gauge' ? 'a level is read as its average over the minute' : 'events are added up',
      );
    case 'tolerance':
      return ours(
        check.kind !== 'gauge' && check.better === 'higher'
          ? 'a loss of up to a twentieth is tolerated'
          : 'as for errors, up to half as much again is tolerated',
      );
    default:
      return null;
  }
}

const OWN_PRESETS: readonly string[] = ['quick', 'standard', 'careful'];

/** @param name of a preset that there is */
export function presetReason(name: string): Reason {
  const stages = PRESETS[name] ?? [];
  const total = stages.reduce((sum, { bakeSeconds }) => sum + bakeSeconds, 0);
  const why = `${stages.length === 1 ? 'one step' : `${stages.length} steps`} in ${formatDuration(total)}, then promotion`;
  const owner = OWN_PRESETS.includes(name) ? 'Stepshift' : 'CodeDeploy';
  return { source: `${owner} preset ${name.replace('CodeDeployDefault.', '')}`, why };
}
