// A scenario on disk: its own file, the service file beside it, and the load series that it names.
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InvalidInputError, type Problem } from '../core/errors.ts';
import { parseLoadSeries } from '../sim/load-series.ts';
import { type Scenario, ScenarioSchema } from '../sim/scenario.ts';
import type { LoadSample } from '../sim/traffic-load.ts';
import { readTextFile } from './read-text-file.ts';
import { refuseMismatch } from './scenario-checks.ts';
import { readServiceFile, type ServiceSource } from './service-source.ts';
import { parseSource, readYaml, type YamlSource } from './yaml-source.ts';

export interface ScenarioSource {
  readonly service: ServiceSource;
  readonly scenario: Scenario;
  /** undefined when the traffic is no series. */
  readonly loadSamples: readonly LoadSample[] | undefined;
}

/**
 * Reads `DIR/scenario.yaml` or the scenario file itself. Throws InvalidInputError with the problems of both files.
 * @param cwd what a relative path is relative to
 */
export async function readScenario(cwd: string, path: string): Promise<ScenarioSource> {
  const found = await stat(resolve(cwd, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw notThere(path);
    return null;
  });
  const isFolder = found?.isDirectory() ?? false;
  const scenarioName = isFolder ? join(path, 'scenario.yaml') : path;
  const serviceName = join(dirname(scenarioName), 'service.yaml');
  const [service, scenario] = await Promise.allSettled([
    readServiceFile(resolve(cwd, serviceName), serviceName),
    readScenarioFile(cwd, scenarioName),
  ]);
  if (service.status === 'rejected' || scenario.status === 'rejected') {
    throw new InvalidInputError([...problemsOf(service), ...problemsOf(scenario)]);
  }
  const { source, ...played } = scenario.value;
  refuseMismatch(service.value.spec, played.scenario, source);
  return { service: service.value, ...played };
}

type ScenarioFile = Omit<ScenarioSource, 'service'> & { readonly source: YamlSource };

function notThere(path: string): InvalidInputError {
  return new InvalidInputError([
    {
      code: 'unreadable-file',
      what: `${path === '' ? '""' : path} does not exist`,
      where: 'command line',
      got: path === '' ? '""' : path,
      allowed: 'a folder with scenario.yaml and service.yaml, or a scenario file',
      fix: 'Check the path, or play an example: stepshift simulate examples/error-spike',
    },
  ]);
}

async function readScenarioFile(cwd: string, name: string): Promise<ScenarioFile> {
  const path = resolve(cwd, name);
  const source = readYaml(await readTextFile(path, name), name);
  const scenario = parseSource(ScenarioSchema, source);
  const { series } = scenario.traffic;
  if (series === undefined) return { source, scenario, loadSamples: undefined };
  const seriesName = join(dirname(name), series.file);
  const csv = await readTextFile(resolve(dirname(path), series.file), seriesName);
  const samples = parseLoadSeries(csv, seriesName);
  assertOffsetInside(samples, series.offset, seriesName, name);
  return { source, scenario, loadSamples: samples };
}

function assertOffsetInside(
  samples: readonly LoadSample[],
  offsetSeconds: number,
  seriesName: string,
  scenarioName: string,
): void {
  const lengthSeconds = ((samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)) / 1000;
  if (offsetSeconds < lengthSeconds) return;
  throw new InvalidInputError([
    {
      code: 'impossible-scenario',
      what: `traffic.series.offset is past the end of ${seriesName}`,
      where: scenarioName,
      got: `${offsetSeconds} s`,
      allowed: `less than ${Math.floor(lengthSeconds)} s, the length of the series`,
      fix: 'Choose a smaller offset',
    },
  ]);
}

/** Anything but a user's mistake goes on as it is. */
function problemsOf(result: PromiseSettledResult<unknown>): readonly Problem[] {
  if (result.status === 'fulfilled') return [];
  if (result.reason instanceof InvalidInputError) return result.reason.problems;
  throw result.reason;
}
