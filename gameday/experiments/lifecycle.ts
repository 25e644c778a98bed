// Facts about what outlives what: a function its execution, weights a deployment.
import * as z from 'zod';
import { experiment } from '../core/experiment.ts';
import { TEMPLATE_ALIAS } from '../core/names.ts';
import { probeVersions, waitFor } from '../core/probe.ts';
import { judgeAlways } from '../core/statistics.ts';

const GUARANTEES = 'docs/guarantees.md#what-is-assumed-about-aws';
/** Long enough for beats that were begun before the stop. */
const STOPPED_FOR_MS = 15_000;

export const survivesStop = experiment({
  id: 'function-survives-stop',
  question: 'Does a Lambda function run on after StopExecution of the execution that called it?',
  assumption: 'It does, until its own end.',
  place: GUARANTEES,
  method: 'A function that writes a line a second for 30 s; its execution is stopped after the first one',
  needs: ['sample'],
  minutes: () => 1,
  sample: z.object({ beatsBefore: z.number(), beatsAfter: z.number() }),
  run: async (ports, keep) => {
    const { clock, machines, recorder } = ports;
    const run = `beats-${clock.nowMs()}`;
    const key = `beat/${run}`;
    const executionArn = await machines.startBeating(run);
    const first = await waitFor(ports, { everyMs: 1_000, forMs: 60_000 }, async () => {
      const beats = await recorder.read(key);
      return beats.length === 0 ? null : beats;
    });
    if (first === null) return;
    await machines.stop(executionArn);
    const beatsBefore = (await recorder.read(key)).length;
    await clock.sleep(STOPPED_FOR_MS);
    keep({ beatsBefore, beatsAfter: (await recorder.read(key)).length - beatsBefore });
  },
  judge: (samples) => {
    const finding = judgeAlways(
      // one more may have been under way
      samples.map(({ beatsAfter }) => beatsAfter > 2),
      'went on for more than 2 s',
    );
    const [{ beatsAfter } = { beatsAfter: 0 }] = samples;
    return { ...finding, measured: `${beatsAfter} lines in the 15 s after the stop`, values: { beatsAfter } };
  },
});

export const deploymentLeavesAlias = experiment({
  id: 'deployment-leaves-alias',
  question:
    'Does CloudFormation leave an alias alone whose template did not change, though its weights were changed outside?',
  assumption: 'It does.',
  place: GUARANTEES,
  method:
    'Weights set by hand, then an update of the stack that changes another resource, then the alias read again',
  needs: ['sample'],
  minutes: () => 3,
  sample: z.object({ sharesBefore: z.string(), sharesAfter: z.string(), hasSameRevision: z.boolean() }),
  run: async (ports, keep) => {
    const { aliases, clock, stacks } = ports;
    const { canary } = await probeVersions(ports);
    const before = await aliases.update(TEMPLATE_ALIAS, { shares: { [canary]: 10 } });
    await stacks.touch(`touched at ${clock.nowMs()}`);
    const after = await aliases.read(TEMPLATE_ALIAS);
    keep({
      sharesBefore: JSON.stringify(before.shares),
      sharesAfter: JSON.stringify(after.shares),
      hasSameRevision: after.revisionId === before.revisionId,
    });
  },
  judge: (samples) => {
    const finding = judgeAlways(
      samples.map(
        ({ sharesBefore, sharesAfter, hasSameRevision }) => sharesBefore === sharesAfter && hasSameRevision,
      ),
      'alias as it was after the deployment',
    );
    const [{ sharesAfter } = { sharesAfter: '' }] = samples;
    return { ...finding, values: { ...finding.values, sharesAfter } };
  },
});
