// `stepshift demo`, which is `npm start`: a good rollout and a bad one, on the terminal and as a report each.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulationResult } from '../../sim/simulation-result.ts';
import { type CliCommand, type CommandContext, EXIT } from '../command.ts';
import { readScenario } from '../scenario-source.ts';
import { simulationText } from '../simulation-text.ts';
import { styleOf } from '../timeline.ts';
import { writeReport } from '../write-report.ts';
import { runScenario, simulatedDocument, simulationData } from './simulate.ts';

const GOOD = { example: 'healthy', report: 'reports/good-rollout.html' };
const BAD = { example: 'error-spike', report: 'reports/bad-rollout.html' };

export const demoCommand: CliCommand = {
  verb: 'demo',
  summary: 'Show a good rollout and a bad one in virtual time; write a report of each',
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
        'Next: npm run -s stepshift -- simulate examples/latency',
      ].join('\n\n'),
    };
  },
};

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
