// `stepshift plan FILE`: what a rollout of this service would do, use and find, before anything is started.
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { costOf } from '../../core/cost.ts';
import { InvalidInputError } from '../../core/errors.ts';
import { planRollout } from '../../core/plan.ts';
import { unknownBeforeStart } from '../../core/plan-unknowns.ts';
import { targetPromises } from '../../core/targets/index.ts';
import { parsePercent } from '../../core/units.ts';
import { writeOut } from '../../core/written-service.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { parseOption } from '../options.ts';
import { explainedData, explainedText, explainService } from '../plan-explained.ts';
import { planText } from '../plan-text.ts';
import { readTextFile } from '../read-text-file.ts';
import { parseServiceText } from '../service-source.ts';
import { readYaml } from '../yaml-source.ts';

export const planCommand: CliCommand = {
  verb: 'plan',
  summary: 'Show stages, time, cost and which harm it would find',
  notes: ['Reads the file and asks nobody; nothing is started.'],
  examples: [
    'plan services/checkout.yaml --requests-per-minute 600 --error-rate 0.05%',
    'plan services/checkout.yaml --explain',
    'plan services/checkout.yaml --write-out',
  ],
  exitCodes: { promotedOrClean: 'the plan was printed' },
  configure: (command) => {
    command
      .argument('<file>', 'service file')
      .option(
        '--requests-per-minute <number>',
        'all traffic of the target, to see which harm each stage would find',
      )
      .option('--error-rate <percent>', 'usual error rate of the stable version, for example 0.05%')
      .option('--explain', 'instead print every value, where it comes from, and why it is the default')
      .option('--write-out', 'instead print the service file with every preset and default written out');
  },
  run: async ([file = ''], options, { cwd, columns }) => {
    if (options['explain'] === true && options['writeOut'] === true) throw twoTexts();
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
    return { code, data, text: planText(source, plan, { cost, promises, unknown }, columns) };
  },
};

/** Each is printed instead of the plan, so one would be left out without a word. */
function twoTexts(): InvalidInputError {
  return new InvalidInputError([
    {
      code: 'wrong-usage',
      what: 'plan prints either what --explain asks for or what --write-out asks for',
      where: 'command line',
      got: '--explain --write-out',
      allowed: 'one of the two, or neither',
      fix: 'Leave one of them out',
    },
  ]);
}

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
