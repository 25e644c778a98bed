// `stepshift demo`, which is `npm start`: a good rollout and a bad one, on the terminal and as a report each.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulationResult } from '../../sim/simulation-result.ts';
import { type CliCommand, type CommandContext, EXIT } from '../command.ts';
import { HELP_COLUMNS } from '../help.ts';
import { readScenario } from '../scenario-source.ts';
import { shellLines } from '../shell-lines.ts';
import { simulationText } from '../simulation-text.ts';
import { styleOf } from '../timeline.ts';
import { writeReport } from '../write-report.ts';
import { runScenario, simulatedDocument, simulationData } from './simulate.ts';

const GOOD = { example: 'healthy', report: 'reports/good-rollout.html' };
const BAD = { example: 'error-spike', report: 'reports/bad-rollout.html' };

/** From looking on to a service of one's own. */
const NEXT = [
  'simulate examples/latency --watch',
  'init checkout --function checkout-api --alias live --offline',
  'plan services/checkout.yaml --requests-per-minute 600',
];

export const demoCommand: CliCommand = {
  verb: 'demo',
  summary: 'Show a good rollout and a bad one; write a report of each',
  notes: [
    'Needs no AWS and no account. The same workflow, steps and judge as on AWS, on a virtual clock.',
    `Writes ${GOOD.report} and ${BAD.report}.`,
  ],
  examples: ['demo', 'demo --format json'],
  exitCodes: {
    promotedOrClean: 'the good rollout was promoted and the bad one rolled back',
    unexpected: 'they ended otherwise, which is a defect',
  },
  configure: () => {},
  run: async (_args, _options, context) => {
    const good = await show(GOOD, context);
    const bad = await show(BAD, context);
    const isAsPromised = good.result.outcome === 'PROMOTED' && bad.result.outcome === 'ROLLED_BACK';
    return {
      code: isAsPromised ? EXIT.promotedOrClean : EXIT.unexpected,
      data: { good: good.data, bad: bad.data },
      text: [
        'Two rollouts, played on this machine in virtual time. Nothing is installed and nothing is called.',
        `━━ 1. A good one\n\n${good.text}`,
        `━━ 2. A bad one\n\n${bad.text}`,
        `Reports:\n  ${GOOD.report}\n  ${BAD.report}`,
        ['Next:', ...NEXT.flatMap(nextLines)].join('\n'),
      ].join('\n\n'),
    };
  },
};

function nextLines(line: string): readonly string[] {
  return shellLines(`npm run -s stepshift -- ${line}`, HELP_COLUMNS, '  ');
}

interface Shown {
  readonly result: SimulationResult;
  readonly data: Readonly<Record<string, unknown>>;
  readonly text: string;
}

async function show({ example, report: path }: typeof GOOD, context: CommandContext): Promise<Shown> {
  context.remark(`playing ${example} …`);
  const source = await readScenario(examplesFolder(), example);
  const result = await runScenario(source, context);
  await writeReport(context.cwd, path, simulatedDocument(result));
  const style = styleOf(context);
  return {
    result,
    data: { ...simulationData(result), reportFile: path },
    text: simulationText(source.scenario.description, result, style),
  };
}

/** Beside the source tree in the repository, one folder further up in the built package. */
function examplesFolder(): string {
  const inRepository = join(import.meta.dirname, '../../../examples');
  return existsSync(inRepository) ? inRepository : join(import.meta.dirname, '../../../../examples');
}
