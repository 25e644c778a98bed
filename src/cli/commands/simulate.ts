// `stepshift simulate DIR|scenario.yaml`: plays a rollout on this machine, without AWS, in virtual time.
import type { SimulationResult } from '../../sim/simulation-result.ts';
import type { CliCommand, CommandContext } from '../command.ts';
import { parseOption } from '../options.ts';
import { exitCodeOf } from '../outcome-exit.ts';
import { readScenario, type ScenarioSource } from '../scenario-source.ts';
import { PLAIN_STYLE, simulationText } from '../simulation-text.ts';
import { writeReport } from '../write-report.ts';

export const simulateCommand: CliCommand = {
  verb: 'simulate',
  summary: 'Play a rollout on this machine: the same workflow, steps and judge, in virtual time',
  configure: (command) => {
    command
      .argument('<scenario>', 'a scenario file, or a folder with scenario.yaml; service.yaml lies beside it')
      .option('--seed <number>', 'other requests than the scenario’s own')
      .option('--report <file>', 'write the report as one HTML file')
      .addHelpText(
        'after',
        '\nExamples:\n  stepshift simulate examples/error-spike\n  stepshift simulate examples/healthy --format json --seed 7 --report report.html',
      );
  },
  run: async ([path = ''], options, context) => {
    const seed = parseOption(options['seed'], {
      flag: '--seed',
      allowed: 'a whole number from 0 to 4294967295',
      parse: (text) => (/^\d{1,10}$/.test(text) ? Number(text) : undefined),
      isAllowed: (value) => value <= 0xffffffff,
    });
    const source = await readScenario(context.cwd, path);
    const result = await runScenario(source, context, seed);
    const { report, ...data } = result;
    const reportPath = options['report'];
    if (typeof reportPath === 'string') {
      await writeReport(context.cwd, reportPath, report);
      context.remark(`report: ${reportPath}`);
    }
    const style = { ...PLAIN_STYLE, hasColour: context.isInteractive };
    return {
      code: exitCodeOf(result.outcome),
      data,
      text: simulationText(source.scenario.description, result, style),
      lines: [...result.timeline, data],
    };
  },
};

/** Plays it and shows progress when that takes longer than a second. */
export async function runScenario(
  { service, scenario, loadSamples }: ScenarioSource,
  { remark }: Pick<CommandContext, 'remark'>,
  seed?: number,
): Promise<SimulationResult> {
  // loaded here, because the workflow engine is large and no other verb needs it
  const { simulate } = await import('../../sim/simulate.ts');
  return simulate(service.spec, service.specDigest, scenario, {
    ...(seed === undefined ? {} : { seed }),
    ...(loadSamples === undefined ? {} : { loadSamples }),
    onProgress: (nowMs) => remark(`simulating … ${new Date(nowMs).toISOString()}`),
  });
}
