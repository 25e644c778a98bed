// The canaries of the game day on the laptop first: under its service file and traffic each must end as the day expects.
import { describe, expect, it } from 'vitest';
import { SAMPLE, SERVICE_ALARM } from '../../gameday/core/names.ts';
import type { RolloutEnd } from '../../gameday/core/rollout-end.ts';
import { REQUESTS_PER_MINUTE, serviceFile } from '../../gameday/core/service.ts';
import { EXPERIMENTS } from '../../gameday/experiments/index.ts';
import { BAD_SHARE, FAST_MS, SLOW_MS } from '../../gameday/stacks/function-code.ts';
import { parseServiceFile } from '../../src/core/service-file.ts';
import { ScenarioSchema } from '../../src/sim/scenario.ts';
import { simulate } from '../../src/sim/simulate.ts';
import type { SimulationResult } from '../../src/sim/simulation-result.ts';
import { specDigest } from '../../src/spec-digest.ts';

const spec = parseServiceFile(serviceFile({ ...SAMPLE, alarm: SERVICE_ALARM }));
const FAST = { errors: '0%', p50: `${FAST_MS}ms`, p95: `${FAST_MS + 5}ms` };
/** In the middle of the first stage. */
const ACT_SECONDS = 100;

function play(canary: object, more: object = {}): Promise<SimulationResult> {
  const scenario = ScenarioSchema.parse({
    description: 'a canary of the game day',
    version: '2',
    world: { liveVersion: '1', timeout: '60s' },
    horizon: '3h',
    traffic: { constant: REQUESTS_PER_MINUTE },
    stable: FAST,
    canary: { ...FAST, ...canary },
    ...more,
  });
  return simulate(spec, specDigest(spec), scenario);
}

/** As the day would have seen it. */
function endOf(
  { outcome, startedAt, safeAt, reason, timeline }: SimulationResult,
  hasAct: boolean,
): RolloutEnd {
  const actMs = Date.parse(startedAt) + ACT_SECONDS * 1000;
  const zeroSeconds = hasAct && safeAt !== null ? (Date.parse(safeAt) - actMs) / 1000 : null;
  return {
    rolloutId: 'gameday-2-1',
    outcome,
    check: reason.check,
    sentence: reason.sentence,
    peakWeightPercent: 0,
    finalWeightPercent: 0,
    seconds: null,
    detectedSeconds: null,
    safeSeconds: null,
    canaryRequests: 0,
    badRequests: 0,
    events: timeline.map(({ event }) => event),
    zeroSeconds,
    lastAnswerSeconds: null,
  };
}

const at = `${ACT_SECONDS}s`;
const CANARIES: readonly [id: string, canary: object, more?: object][] = [
  ['canary-good', {}],
  ['canary-bad', { errors: `${BAD_SHARE * 100}%` }],
  ['canary-slow', { p50: `${SLOW_MS}ms`, p95: `${SLOW_MS + 5}ms` }],
  ['canary-silent', {}, { traffic: { constant: 0 } }],
  ['canary-alarm', {}, { alarms: [{ name: SERVICE_ALARM, changes: [{ at, to: 'ALARM' }] }] }],
  ['canary-abort', {}, { people: [{ at, does: 'abort', message: 'game day' }] }],
  ['canary-killed', {}, { people: [{ at, does: 'stop-execution' }] }],
];

describe('the canaries of the game day, simulated', () => {
  it.each(CANARIES)('%s ends as expected', async (id, canary, more) => {
    const result = await play(canary, more);
    const finding = EXPERIMENTS.find((one) => one.id === id)?.judge([endOf(result, more !== undefined)]);
    expect(finding).toMatchObject({ verdict: 'agrees' });
  });

  it('disagree with each other, so that none is expected of all', async () => {
    const promoted = endOf(await play({}), false);
    const judged = CANARIES.map(
      ([id]) => EXPERIMENTS.find((one) => one.id === id)?.judge([promoted]).verdict,
    );
    expect(judged).toEqual(['agrees', ...CANARIES.slice(1).map(() => 'disagrees')]);
  });
});
