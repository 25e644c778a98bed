// Any report as the document that goes into its file.
import fc from 'fast-check';
import { REPLAY_OUTCOMES, type ReportDocument } from '../../src/core/report-document.ts';
import { anyReport, count, instant, maybe, percent, text } from './any-report.ts';

const examination: fc.Arbitrary<ReportDocument['examination']> = maybe(
  fc.record({
    rolloutId: text,
    entries: count,
    outcome: maybe(text),
    firstBad: maybe(fc.record({ entry: count, why: text })),
    invariants: fc.array(
      fc.record({
        id: text,
        says: text,
        state: fc.constantFrom('held', 'violated', 'not evaluated'),
        evaluations: count,
        needs: text,
        breaches: fc.array(fc.record({ entry: maybe(count), sentence: text }), { maxLength: 3 }),
      }),
      { maxLength: 5 },
    ),
  }),
);

const EXECUTION_ARN = 'arn:aws:states:eu-west-2:123456789012:execution:stepshift:checkout-42';

export const anyDocument: fc.Arbitrary<ReportDocument> = fc.record({
  report: anyReport,
  isSimulated: fc.boolean(),
  executionArn: maybe(fc.oneof(fc.constant(EXECUTION_ARN), text)),
  serviceFile: maybe(text),
  examination,
  examinationNote: text,
  whatIf: fc.array(
    fc.record({
      change: maybe(text),
      outcome: fc.constantFrom(...REPLAY_OUTCOMES),
      at: instant,
      elapsedSeconds: count,
      weightPercent: percent,
      exposure: fc.record({ canaryRequests: count, badRequests: count }),
    }),
    { maxLength: 4 },
  ),
  record: maybe(fc.base64String()),
});
