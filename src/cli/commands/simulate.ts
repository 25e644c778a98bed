// `stepshift simulate DIR|scenario.yaml`: plays a rollout on this machine, without AWS, in virtual time.
import { resolve } from 'node:path';
import { InvalidInputError } from '../../core/errors.ts';
import type { ReportDocument } from '../../core/report-document.ts';
import type { SimulationResult } from '../../sim/simulation-result.ts';
import { saveRecord } from '../audit-record.ts';
import type { CliCommand, CommandContext } from '../command.ts';
import { parseOption } from '../options.ts';
import { exitCodeOf } from '../outcome-exit.ts';
import { reportDocument } from '../report-document.ts';
import { readScenario, type ScenarioSource } from '../scenario-source.ts';
import { simulationText } from '../simulation-text.ts';
import { styleOf } from '../timeline.ts';
import { writeReport } from '../write-report.ts';

export const simulateCommand: CliCommand = {
  verb: 'simulate',
  summary: 'Play a rollout on this machine: the same workflow, steps and judge, in virtual time',
  configure: (command) => {
    command
      .argument('<scenario>', 'a scenario file, or a folder with scenario.yaml; service.yaml lies beside it')
      .option('--seed <number>', 'other requests than the scenario’s own')
      .option('--report <file>', 'write the report as one HTML file')
      .option('--audit <file>', 'keep the record as one JSON file, for stepshift verify --file')
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
    assertTwoFiles(options, context.cwd);
    const source = await readScenario(context.cwd, path);
    const result = await runScenario(source, context, seed);
    const reportPath = options['report'];
    if (typeof reportPath === 'string') {
      await writeReport(context.cwd, reportPath, simulatedDocument(result));
      context.remark(`report: ${reportPath}`);
    }
    const auditPath = options['audit'];
    if (typeof auditPath === 'string') {
      await saveRecord(context.cwd, auditPath, '--audit', result.record);
      context.remark(`record: ${auditPath}`);
    }
    const style = styleOf(context);
    const data = simulationData(result);
    return {
      code: exitCodeOf(result.outcome),
      data,
      text: simulationText(source.scenario.description, result, style),
      lines: [...result.timeline, data],
    };
  },
};

/** Report and record in one file: the second would be written over the first. */
function assertTwoFiles({ report, audit }: Readonly<Record<string, unknown>>, cwd: string): void {
  if (typeof report !== 'string' || typeof audit !== 'string') return;
  if (resolve(cwd, report) !== resolve(cwd, audit)) return;
  throw new InvalidInputError([
    {
      code: 'wrong-usage',
      what: '--report and --audit name the same file',
      where: 'command line',
      got: report,
      allowed: 'two files',
      fix: 'Name two files: --report report.html --audit record.json',
    },
  ]);
}

/** No console knows of its execution. */
export function simulatedDocument({ report, record }: SimulationResult): ReportDocument {
  return reportDocument({ report, record, isSimulated: true, executionArn: null });
}

/** The interface that other tools rely on: exactly these keys. Whatever else is known is in the timeline and in the report. */
export function simulationData({ reason, ...result }: SimulationResult) {
  const { check, value, limit, sentence } = reason;
  return {
    outcome: result.outcome,
    finalWeightPercent: result.finalWeightPercent,
    peakWeightPercent: result.peakWeightPercent,
    startedAt: result.startedAt,
    endedAt: result.endedAt,
    detectedAt: result.detectedAt,
    safeAt: result.safeAt,
    exposure: result.exposure,
    reason: { check, value, limit, sentence },
    stateTransitions: result.stateTransitions,
    timeline: result.timeline,
  };
}

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
