// `stepshift simulate DIR|scenario.yaml`: plays a rollout on this machine, without AWS, in virtual time.
import { resolve } from 'node:path';
import { InvalidInputError } from '../../core/errors.ts';
import type { ReportDocument } from '../../core/report-document.ts';
import type { SimulationWatch } from '../../sim/simulate.ts';
import type { SimulationResult } from '../../sim/simulation-result.ts';
import { afterwardsLines } from '../afterwards-text.ts';
import { saveRecord } from '../audit-record.ts';
import { type CliCommand, type CommandContext, type CommandResult, EXIT } from '../command.ts';
import { REAL_TIME } from '../live/real-time.ts';
import { DEFAULT_SPEED, watchSimulation } from '../live/watch-simulation.ts';
import { parseOption } from '../options.ts';
import { exitCodeOf } from '../outcome-exit.ts';
import { reportDocument } from '../report-document.ts';
import { readScenario, type ScenarioSource } from '../scenario-source.ts';
import { shellWord } from '../shell-lines.ts';
import { simulationText } from '../simulation-text.ts';
import { headerLines, styleOf } from '../timeline.ts';
import { drawnStyle, exitLine } from '../wait-for-end.ts';
import { writeReport } from '../write-report.ts';

export const simulateCommand: CliCommand = {
  verb: 'simulate',
  summary: 'Play a rollout on this machine, in virtual time',
  notes: [
    'With --watch it is drawn on a terminal in accelerated time; [q] or Ctrl-C leaves, and nothing is written then.',
    'Where nothing can be drawn, --watch tells on stderr how it stands, as fast as it is played.',
    'What is printed on stdout and written to files is the same with --watch and without.',
  ],
  examples: [
    'simulate examples/error-spike',
    'simulate examples/error-spike --watch',
    'simulate examples/approval --watch --speed 600',
    'simulate examples/healthy --format json --seed 7 --report report.html',
  ],
  exitCodes: {
    promotedOrClean: 'promoted',
    rolledBack: 'rolled back',
    aborted: 'aborted by a person of the scenario',
    rejected: 'not started: a gate refused it',
    conflict: 'superseded: somebody of the scenario moved the target',
    rollbackIncomplete: 'not ended at the horizon of the scenario',
    detached: 'with --watch: left before the end',
  },
  configure: (command) => {
    command
      .argument('<scenario>', 'a scenario file, or a folder with scenario.yaml; service.yaml lies beside it')
      .option('--seed <number>', 'other requests than the scenario’s own')
      .option('--report <file>', 'write the report as one HTML file')
      .option('--audit <file>', 'keep the record as one JSON file, for stepshift verify --file')
      .option('--watch', 'see it happen')
      .option('--speed <number>', `with --watch: simulated seconds a second (default: ${DEFAULT_SPEED})`);
  },
  run: async ([path = ''], options, context) => {
    const seed = parseOption(options['seed'], {
      flag: '--seed',
      allowed: 'a whole number from 0 to 4294967295',
      parse: (text) => (/^\d{1,10}$/.test(text) ? Number(text) : undefined),
      isAllowed: (value) => value <= 0xffffffff,
    });
    assertTwoFiles(options, context.cwd);
    const speed = speedOption(options);
    const source = await readScenario(context.cwd, path);
    const isWatched = options['watch'] === true;
    const result = isWatched
      ? await watchSimulation(context, REAL_TIME, speed, (watch) => runScenario(source, context, seed, watch))
      : await runScenario(source, context, seed);
    if (result === null) return left(path);
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
    const data = simulationData(result);
    const isDrawn = isWatched && context.screen !== null;
    const hints = reportPath === undefined ? [`simulate ${shellWord(path)} --report report.html`] : [];
    return {
      code: exitCodeOf(result.outcome),
      data,
      text: resultText(source, result, context, hints, isDrawn),
      // of a watched one the timeline was streamed as it came
      lines: isWatched ? [data] : [...result.timeline, data],
    };
  },
};

/** @param isDrawn timeline and checks are on the screen already */
function resultText(
  { scenario }: ScenarioSource,
  result: SimulationResult,
  context: CommandContext,
  hints: readonly string[],
  isDrawn: boolean,
): string {
  const style = isDrawn ? drawnStyle(context) : styleOf(context);
  return [
    ...(isDrawn ? headerLines(result.report, style) : [simulationText(scenario.description, result, style)]),
    ...afterwardsLines(result.report, style, hints),
    ...(isDrawn ? [exitLine(exitCodeOf(result.outcome))] : []),
  ].join('\n');
}

const MAX_SPEED = 100_000;

function speedOption(options: Readonly<Record<string, unknown>>): number {
  const speed = parseOption(options['speed'], {
    flag: '--speed',
    allowed: `a whole number from 1 to ${MAX_SPEED}`,
    parse: (text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined),
    isAllowed: (value) => value >= 1 && value <= MAX_SPEED,
  });
  if (speed === undefined || options['watch'] === true) return speed ?? DEFAULT_SPEED;
  throw new InvalidInputError([
    {
      code: 'wrong-usage',
      what: '--speed says how fast a simulation is watched, and without --watch nobody watches it',
      where: 'command line',
      got: '--speed alone',
      allowed: '--watch, with or without --speed',
      fix: 'Add --watch, or leave --speed out',
    },
  ]);
}

function left(path: string): CommandResult {
  return {
    code: EXIT.detached,
    data: { outcome: null },
    text: `Left before the end: the simulation was stopped, nothing was written.\n  Play it to the end: stepshift simulate ${path}`,
  };
}

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
  const { canaryRequests, badRequests } = result.exposure;
  return {
    outcome: result.outcome,
    finalWeightPercent: result.finalWeightPercent,
    peakWeightPercent: result.peakWeightPercent,
    startedAt: result.startedAt,
    endedAt: result.endedAt,
    detectedAt: result.detectedAt,
    safeAt: result.safeAt,
    exposure: { canaryRequests, badRequests },
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
  watch?: SimulationWatch,
): Promise<SimulationResult> {
  // loaded here, because the workflow engine is large and no other verb needs it
  const { simulate } = await import('../../sim/simulate.ts');
  return simulate(service.spec, service.specDigest, scenario, {
    ...(seed === undefined ? {} : { seed }),
    ...(loadSamples === undefined ? {} : { loadSamples }),
    // whoever watches sees how far it is
    ...(watch === undefined
      ? { onProgress: (nowMs) => remark(`simulating … ${new Date(nowMs).toISOString()}`) }
      : { watch }),
  });
}
