// Facts about writing to a Lambda alias: what fences writes, and what takes them back.
import * as z from 'zod';
import { experiment } from '../core/experiment.ts';
import { PROBE } from '../core/names.ts';
import { errorNameOf, probeVersions, wholeAlias } from '../core/probe.ts';
import { judgeAlways } from '../core/statistics.ts';

const TRIALS = 5;
const GUARANTEES = 'docs/guarantees.md#what-is-assumed-about-aws';

export const descriptionRotates = experiment({
  id: 'alias-description-rotates',
  question: 'Does an UpdateAlias that changes the description alone give the alias a new RevisionId?',
  assumption: 'It does; one that changes nothing may not.',
  place: GUARANTEES,
  method: `${TRIALS} updates of the description alone, RevisionId before and after; then one that changes nothing`,
  needs: ['sample'],
  minutes: () => 1,
  sample: z.object({ isIdentical: z.boolean(), hasRotated: z.boolean() }),
  run: async ({ aliases }, keep) => {
    for (let trial = 1; trial <= TRIALS; trial++) {
      const before = await aliases.read(PROBE);
      await aliases.update(PROBE, { description: `trial ${trial} after ${before.revisionId}` });
      const after = await aliases.read(PROBE);
      keep({ isIdentical: false, hasRotated: after.revisionId !== before.revisionId });
    }
    const before = await aliases.read(PROBE);
    await aliases.update(PROBE, { description: before.description });
    const after = await aliases.read(PROBE);
    keep({ isIdentical: true, hasRotated: after.revisionId !== before.revisionId });
  },
  judge: (samples) => {
    const changes = samples.filter(({ isIdentical }) => !isIdentical);
    const identical = samples.find(({ isIdentical }) => isIdentical);
    const finding = judgeAlways(
      changes.map(({ hasRotated }) => hasRotated),
      'new RevisionId after a change of the description',
    );
    const same = identical === undefined ? 'not tried' : identical.hasRotated ? 'new one too' : 'kept';
    return {
      verdict: changes.length === 0 ? 'unknown' : finding.verdict,
      measured: `${finding.measured}; after an update that changes nothing: ${same}`,
      values: { ...finding.values, rotatesWhenIdentical: identical?.hasRotated ?? null },
    };
  },
});

export const staleRevisionRefused = experiment({
  id: 'alias-stale-revision-refused',
  question: 'Is an UpdateAlias with an old RevisionId refused, always?',
  assumption: 'It is, with PreconditionFailedException.',
  place: GUARANTEES,
  method: `${TRIALS} writes with the RevisionId from before another write, and whether the alias changed`,
  needs: ['sample'],
  minutes: () => 1,
  sample: z.object({ error: z.string().nullable(), isUnchanged: z.boolean() }),
  run: async ({ aliases }, keep) => {
    for (let trial = 1; trial <= TRIALS; trial++) {
      const { revisionId } = await aliases.read(PROBE);
      const { revisionId: newer } = await aliases.update(PROBE, { description: `newer than ${revisionId}` });
      const error = await errorNameOf(() =>
        aliases.update(PROBE, { description: `late write ${trial}`, revisionId }),
      );
      const after = await aliases.read(PROBE);
      keep({ error, isUnchanged: after.revisionId === newer });
    }
  },
  judge: (samples) => {
    const finding = judgeAlways(
      samples.map(({ error, isUnchanged }) => error === 'PreconditionFailedException' && isUnchanged),
      'refused with PreconditionFailedException, alias unchanged',
    );
    const errors = [...new Set(samples.map(({ error }) => error ?? 'none'))].join(', ');
    return { ...finding, values: { ...finding.values, errors } };
  },
});

export const deleteRefused = experiment({
  id: 'named-version-stays',
  question: 'Does Lambda refuse to delete a version that an alias names?',
  assumption: 'It does, for the primary version and for the additional one.',
  place: GUARANTEES,
  method:
    'DeleteFunction on the version that a weighted alias has as its primary one and as its additional one',
  needs: ['sample'],
  minutes: () => 1,
  sample: z.object({ role: z.enum(['primary', 'additional']), error: z.string().nullable() }),
  run: async (ports, keep) => {
    const { aliases, functions } = ports;
    const { stable, canary } = await probeVersions(ports);
    await aliases.update(PROBE, { version: stable, shares: { [canary]: 10 } });
    try {
      for (const [role, version] of [
        ['primary', stable],
        ['additional', canary],
      ] as const) {
        const error = await errorNameOf(() => functions.deleteVersion(PROBE.functionName, version));
        keep({ role, error });
      }
    } finally {
      await wholeAlias(ports, stable);
    }
  },
  judge: (samples) => {
    const finding = judgeAlways(
      samples.map(({ error }) => error === 'ResourceConflictException'),
      'deletion refused',
    );
    return samples.length < 2 ? { ...finding, verdict: 'unknown' } : finding;
  },
});

export const zeroShareAccepted = experiment({
  id: 'alias-empty-weights',
  question:
    'Do empty weights take the additional version off an alias, and does a write without weights leave it on?',
  assumption: 'An empty map takes the canary off; no map leaves it on.',
  place: 'src/aws/lambda-alias.ts',
  method: 'UpdateAlias with a description alone on a weighted alias, then with an empty map',
  needs: ['sample'],
  minutes: () => 1,
  sample: z.object({ hasMap: z.boolean(), hasAdditional: z.boolean() }),
  run: async (ports, keep) => {
    const { aliases } = ports;
    const { stable, canary } = await probeVersions(ports);
    await aliases.update(PROBE, { version: stable, shares: { [canary]: 10 } });
    await aliases.update(PROBE, { description: 'no map of weights' });
    const left = await aliases.read(PROBE);
    keep({ hasMap: false, hasAdditional: canary in left.shares });
    await aliases.update(PROBE, { shares: {} });
    const cleared = await aliases.read(PROBE);
    keep({ hasMap: true, hasAdditional: canary in cleared.shares });
  },
  judge: (samples) => {
    const held = samples.map(({ hasMap, hasAdditional }) => hasAdditional === !hasMap);
    const finding = judgeAlways(held, 'as assumed');
    return samples.length < 2 ? { ...finding, verdict: 'unknown' } : finding;
  },
});
