// `stepshift plan FILE`: what a rollout of this service would do, use and find, before anything is started.
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { MAX_HISTORY_EVENTS } from '../../core/budget.ts';
import { costOf, type RolloutCost } from '../../core/cost.ts';
import { type Plan, type PlannedStage, planRollout } from '../../core/plan.ts';
import { unknownBeforeStart } from '../../core/plan-unknowns.ts';
import type { Usage } from '../../core/plan-usage.ts';
import { targetLabel, targetPromises } from '../../core/targets/index.ts';
import { formatCount, formatDuration, formatPercent, parsePercent } from '../../core/units.ts';
import { writeOut } from '../../core/written-service.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { parseOption } from '../options.ts';
import { planCostText } from '../plan-cost-text.ts';
import { explainedData, explainedText, explainService } from '../plan-explained.ts';
import { readTextFile } from '../read-text-file.ts';
import { parseServiceText, type ServiceSource } from '../service-source.ts';
import { alignColumns } from '../table.ts';
import { wrap } from '../wrap.ts';
import { readYaml } from '../yaml-source.ts';

export const planCommand: CliCommand = {
  verb: 'plan',
  summary: 'Show stages, time, cost and which harm it would find',
  configure: (command) => {
    command
      .argument('<file>', 'service file')
      .option(
        '--requests-per-minute <number>',
        'all traffic of the target, to see which harm each stage would find',
      )
      .option('--error-rate <percent>', 'usual error rate of the stable version, for example 0.05%')
      .option('--explain', 'instead print every value, where it comes from, and why it is the default')
      .option('--write-out', 'instead print the service file with every preset and default written out')
      .addHelpText(
        'after',
        '\nExamples:\n  stepshift plan services/checkout.yaml --requests-per-minute 600 --error-rate 0.05%\n  stepshift plan services/checkout.yaml --explain',
      );
  },
  run: async ([file = ''], options, { cwd, columns }) => {
    const text = await readTextFile(resolve(cwd, file), file);
    const source = parseServiceText(text, file);
    const plan = planRollout(source.spec, readTraffic(options));
    const unknown = unknownBeforeStart(source.spec);
    const promises = targetPromises(source.spec.target);
    const cost = costOf(plan);
    const data = {
      file,
      specDigest: source.specDigest,
      ...plan,
      cost,
      promises,
      unknownBeforeStart: unknown,
    };
    const code = EXIT.promotedOrClean;
    if (options['explain'] === true) {
      const explained = explainService(source, readYaml(text, file));
      return {
        code,
        data: { ...data, explained: explainedData(explained) },
        text: explainedText(file, explained, columns),
      };
    }
    if (options['writeOut'] === true) {
      const { service } = source.written;
      const writtenOut = { service, ...writeOut(source.spec) };
      // nothing beside the file, so that it can be saved as one
      return { code, data: { ...data, writtenOut }, text: stringify(writtenOut).trimEnd() };
    }
    return { code, data, text: planText(source, plan, { cost, promises, unknown }) };
  },
};

interface Traffic {
  readonly requestsPerMinute?: number;
  readonly stableErrorPercent?: number;
}

function readTraffic(options: Readonly<Record<string, unknown>>): Traffic {
  const requestsPerMinute = parseOption(options['requestsPerMinute'], {
    flag: '--requests-per-minute',
    allowed: 'a number above 0 and at most 1,000,000,000',
    parse: (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined),
    isAllowed: (value) => value > 0 && value <= 1e9,
  });
  const stableErrorPercent = parseOption(options['errorRate'], {
    flag: '--error-rate',
    allowed: 'a percentage from 0% to below 100%, for example 0.05%',
    parse: parsePercent,
    isAllowed: (value) => value >= 0 && value < 100,
  });
  return {
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(stableErrorPercent === undefined ? {} : { stableErrorPercent }),
  };
}

/** Sentences are wrapped to this. */
const COLUMNS = 80;

interface Remarks {
  readonly cost: RolloutCost;
  /** What this target promises less than others. */
  readonly promises: readonly string[];
  readonly unknown: readonly string[];
}

function planText(
  { spec, specDigest }: ServiceSource,
  plan: Plan,
  { cost, promises, unknown }: Remarks,
): string {
  return [
    `${spec.service}  ${targetLabel(spec.target)}  ${specDigest.slice(0, 12)}`,
    '',
    ...stageTable(plan),
    'Promotion follows the last stage.',
    '',
    ...usageTable(plan),
    '',
    ...planCostText(plan, cost, COLUMNS),
    '',
    ...wrap(onInconclusiveText(plan, spec.onInconclusive), COLUMNS),
    ...deadlineText(plan),
    ...(promises.length === 0 ? [] : ['', 'Promised less on this target:', ...listText(promises)]),
    '',
    'Not known before the start:',
    ...listText(unknown),
  ].join('\n');
}

function listText(sentences: readonly string[]): readonly string[] {
  return sentences.flatMap((sentence) =>
    wrap(sentence, COLUMNS - 2).map((line, index) => `${index === 0 ? '-' : ' '} ${line}`),
  );
}

function stageTable({ stages, askSeconds }: Plan): readonly string[] {
  const isTrafficKnown = stages.some((stage) => stage.canaryRequests !== null);
  const isApproved = stages.some(({ approval }) => approval === true);
  const heading = ['stage', 'weight', 'bake', 'ticks'];
  const rows = stages.map((stage, index) => [
    String(index + 1),
    formatPercent(stage.weightPercent),
    formatDuration(stage.bakeSeconds),
    formatCount(stage.ticks),
    ...(isTrafficKnown ? [formatCount(stage.canaryRequests ?? 0), foundText(stage)] : []),
    ...(isApproved ? [stage.approval === true ? approvalText(askSeconds) : ''] : []),
  ]);
  const more = isTrafficKnown ? ['canary requests', 'finds error rates from'] : [];
  return alignColumns(
    [[...heading, ...more, ...(isApproved ? ['then'] : [])], ...rows],
    ['left', 'right', 'right', 'right', ...more.map(() => 'right' as const), 'left'],
  );
}

function approvalText(askSeconds: number): string {
  return `waits for approval, up to ${formatDuration(askSeconds)}`;
}

function foundText({ smallestDetectableErrorPercent: smallest }: PlannedStage): string {
  return smallest === null ? 'too few requests' : formatPercent(smallest);
}

function usageTable({ expected, worst }: Plan): readonly string[] {
  const row = (name: string, pick: (usage: Usage) => string): string[] => [name, pick(expected), pick(worst)];
  return alignColumns(
    [
      ['', 'if all goes well', 'at the most'],
      row('time', ({ seconds }) => formatDuration(seconds)),
      row('ticks', ({ ticks }) => formatCount(ticks)),
      row(`history events of ${formatCount(MAX_HISTORY_EVENTS)}`, ({ historyEvents }) =>
        formatCount(historyEvents),
      ),
    ],
    ['left', 'right', 'right'],
  );
}

const SECONDS_PER_HOUR = 3600;

function deadlineText({ deadlineSeconds }: Plan): readonly string[] {
  const about = formatDuration(Math.ceil(deadlineSeconds / SECONDS_PER_HOUR) * SECONDS_PER_HOUR);
  const sentence = `Pauses, and questions that people answer late, come on top. What still runs after about ${about} is stopped by the sweeper, and taken back unless its promotion was committed.`;
  return wrap(sentence, COLUMNS);
}

function onInconclusiveText({ askSeconds }: Plan, policy: 'ask' | 'advance' | 'rollback'): string {
  switch (policy) {
    case 'ask':
      return `Not known at the end of a hold: a person is asked; unanswered for ${formatDuration(askSeconds)} it rolls back.`;
    case 'advance':
      return 'Not known at the end of a hold: it advances, and that is recorded.';
    case 'rollback':
      return 'Not known at the end of a hold: it rolls back.';
  }
}
