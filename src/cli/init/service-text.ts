// A service file for a newcomer: every value that matters at first, each with what it means.
import { stringify } from 'yaml';
import { PRESETS } from '../../core/presets.ts';
import type { Target } from '../../core/targets/index.ts';
import { formatDuration, formatPercent } from '../../core/units.ts';

export interface NewService {
  readonly service: string;
  readonly target: Target;
  /** Name of a preset. */
  readonly stages: string;
  readonly alarms: readonly string[];
  readonly notify: string | null;
  /** From the file's folder, with forward slashes; null: none is near. */
  readonly schemaPath: string | null;
}

/** Ends with a line break. */
export function serviceText(made: NewService): string {
  return [
    ...(made.schemaPath === null ? [] : [`# yaml-language-server: $schema=${made.schemaPath}`]),
    '# Made by stepshift init; change what you like. Every key: docs/service-reference.md.',
    '# Where every value comes from: stepshift plan FILE --explain',
    `service: ${scalar(made.service)}`,
    ...targetLines(made.target),
    `# ${stagesText(made.stages)}, then promotion. A list of your own:`,
    '#   stages: [{ weight: 5%, bake: 10m }, { weight: 50%, bake: 30m, approval: true }]',
    `stages: ${made.stages}`,
    ...checkLines(made),
    '# How long a stage may wait for more evidence after its bake, and what follows: ask, advance or rollback.',
    'maxHold: 20m',
    'onInconclusive: ask',
    ...notifyLines(made.notify),
    '',
  ].join('\n');
}

function targetLines(target: Target): readonly string[] {
  if (target.kind === 'lambda-alias') {
    const { functionName, alias, interface: face } = target;
    return [
      'target:',
      '  # http: it answers requests, so a status of 500 is a failure. event: only exceptions are failures.',
      `  lambdaAlias: { function: ${scalar(functionName)}, alias: ${scalar(alias)}, interface: ${face} }`,
    ];
  }
  return [
    'target:',
    '  alb:',
    `    listenerRule: ${target.listenerRuleArn}`,
    '    # One is live and the other one idle; the new version is deployed to the idle one.',
    '    slots:',
    `      blue: ${target.slots.blue}`,
    `      green: ${target.slots.green}`,
  ];
}

/** `5 % for 10m, 25 % for 10m`. */
function stagesText(preset: string): string {
  return (PRESETS[preset] ?? [])
    .map(
      ({ weightPercent, bakeSeconds }) =>
        `${formatPercent(weightPercent)} for ${formatDuration(bakeSeconds)}`,
    )
    .join(', ');
}

function checkLines({ target, alarms }: NewService): readonly string[] {
  const isHttpFunction = target.kind === 'lambda-alias' && target.interface === 'http';
  return [
    'checks:',
    '  errors:',
    '    # Up to 1.5 times the error rate of the stable version, at least 0.1 % and never above 1 %.',
    '    tolerance: x1.5',
    '    floor: 0.1%',
    '    limit: 1%',
    ...(isHttpFunction
      ? [
          '    # To Lambda an answer of 500 is a success. This metric counts them; a start without it is refused.',
          '    # The function reports it by countHttpStatus, or the construct HttpStatusMetricFilter reads it off a log.',
          '    http5xx: { namespace: Stepshift, name: Http5xx }',
        ]
      : []),
    '  # CloudWatch alarms: one that fires takes all traffic back.',
    ...(alarms.length === 0
      ? ['  alarms: []']
      : ['  alarms:', ...alarms.map((name) => `    - ${scalar(name)}`)]),
  ];
}

function notifyLines(channel: string | null): readonly string[] {
  return channel === null
    ? []
    : [
        '# Who is told: messages carry it as the attribute `channel`, for subscriptions to filter on.',
        `notify: ${scalar(channel)}`,
      ];
}

/** Quoted where YAML would take it for something else than a text. */
function scalar(text: string): string {
  return stringify(text, { lineWidth: 0, defaultStringType: 'PLAIN' }).trimEnd();
}
