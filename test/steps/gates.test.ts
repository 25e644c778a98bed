// The gate that looks at the HTTP-status stream: silence beside requests is not the same as no errors.
import { describe, expect, it } from 'vitest';
import type { MetricsAnswer } from '../../src/ports.ts';
import { applyWaivers, httpStreamGate, refusals } from '../../src/steps/gates.ts';

function answer(isHttpStreamAlive: MetricsAnswer['isHttpStreamAlive']): MetricsAnswer {
  return { periods: [], problem: null, stableMaxSeconds: null, isHttpStreamAlive };
}

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
