// The gates that look at stable's last hour: what cannot be read, what is silent, and what people are told of it.
import { describe, expect, it } from 'vitest';
import type { AlarmReading } from '../../src/core/judge/types.ts';
import type { MetricsAnswer } from '../../src/ports.ts';
import { alarmsGate, applyWaivers, httpStreamGate, metricsGate, refusals } from '../../src/steps/gates.ts';

function answer(isHttpStreamAlive: MetricsAnswer['isHttpStreamAlive']): MetricsAnswer {
  return { periods: [], problem: null, stableMaxSeconds: null, percentiles: null, isHttpStreamAlive };
}

function reading(name: string, state: AlarmReading['state']): AlarmReading {
  return { name, state, reason: '', updatedAtMs: null };
}

describe('the gate of the alarms', () => {
  const START = { service: 'checkout', version: '42' };
  const accepted = [{ name: 'A', reason: 'its fix' }];

  it('is passed shut where all that fire are accepted, with every reason', () => {
    const gate = alarmsGate([reading('A', 'ALARM'), reading('B', 'OK')], START, accepted);
    expect(gate).toMatchObject({ open: false, waivedBecause: 'A: its fix' });
    expect(refusals([gate])).toEqual([]);
  });

  it('stays shut for one that is not accepted, and for one that does not exist', () => {
    const gate = alarmsGate([reading('A', 'ALARM'), reading('B', 'ALARM')], START, accepted);
    expect(refusals([gate])).toMatchObject([{ code: 'alarm-firing', what: 'already in ALARM: A, B' }]);
    expect(gate.problem?.fix).toContain(
      'stepshift start checkout 42 --accept-alarm "A" --reason "why", and both again',
    );
    expect(refusals([alarmsGate([reading('A', 'MISSING')], START, accepted)])).toMatchObject([
      { code: 'alarm-missing' },
    ]);
  });

  it('says how to release the fix for the one that fires, as it can be pasted', () => {
    const { problem } = alarmsGate([reading('Too slow', 'ALARM')], START);
    expect(problem?.fix).toMatch(/: stepshift start checkout 42 --accept-alarm "Too slow" --reason "why"$/);
  });

  it('is open where nothing fires, whatever was accepted', () => {
    expect(alarmsGate([reading('A', 'OK')], START, accepted)).toMatchObject({
      open: true,
      waivedBecause: null,
    });
  });
});

describe('the gate of the metrics', () => {
  it('is open, and says with its finding what will not be judged', () => {
    expect(metricsGate(answer(null), [])).toMatchObject({
      open: true,
      finding: 'the metrics of the last hour are readable',
    });
    const warned = metricsGate(answer(null), ['slow requests cannot be counted', 'no data for checks.cpu']);
    expect(warned).toMatchObject({
      open: true,
      finding:
        'the metrics of the last hour are readable; slow requests cannot be counted; no data for checks.cpu',
    });
  });

  it('is shut where the answer is not complete, whatever else is to be said', () => {
    const shut = metricsGate({ ...answer(null), problem: 'Forbidden' }, ['slow requests cannot be counted']);
    expect(refusals([shut])).toMatchObject([{ code: 'metrics-unreadable', got: 'Forbidden' }]);
  });
});

describe('the gate of the HTTP-status stream', () => {
  it('is shut when the stream that the service file names is silent beside requests', () => {
    const shut = httpStreamGate(answer(false));
    expect(shut).toMatchObject({ gate: 'http-stream-reports', open: false });
    const [problem, ...more] = refusals([shut]);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ code: 'http-stream-silent', where: 'checks.errors.http5xx' });
    expect(problem?.fix).toMatch(/countHttpStatus.*FunctionName and Version.*waivers: { http-stream-reports/);
  });

  it.each([true, null])('is open when the stream is alive: %s', (isAlive) => {
    expect(httpStreamGate(answer(isAlive))).toMatchObject({ gate: 'http-stream-reports', open: true });
  });

  it('can be waived with a reason', () => {
    const waived = applyWaivers([httpStreamGate(answer(false))], { 'http-stream-reports': 'the last one' });
    expect(waived).toMatchObject([{ open: false, waivedBecause: 'the last one' }]);
    expect(refusals(waived)).toEqual([]);
  });
});
