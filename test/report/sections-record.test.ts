// Sections 9 to 12: what changed, whether the record is whole, the review, and the replay.
import { describe, expect, it } from 'vitest';
import type { ReportDocument } from '../../src/core/report-document.ts';
import { rowsOfSection, textOfSection } from './one-section.ts';
import {
  EXECUTION_ARN,
  OLD_DOCUMENT,
  PROMOTED_DOCUMENT,
  REJECTED_DOCUMENT,
  ROLLED_BACK_DOCUMENT,
} from './sample-document.ts';
import { SAMPLE_REPORT } from './sample-report.ts';

describe('9, what changed', () => {
  it('has versions, digest, and the service file as judged', () => {
    const text = textOfSection(ROLLED_BACK_DOCUMENT, 'changes');
    expect(text).toContain('Stable version 41 New version 42');
    expect(text).toContain(`Execution ${EXECUTION_ARN}`);
    expect(text).toContain(SAMPLE_REPORT.specDigest);
    expect(text).toContain('service: checkout stages: - weight: 5%');
    expect(textOfSection(REJECTED_DOCUMENT, 'changes')).toContain(
      'The service file as judged is not in this report.',
    );
    expect(textOfSection(PROMOTED_DOCUMENT, 'changes')).toContain('Execution simulated');
  });
});

describe('10, integrity', () => {
  it('says what was checked, and gives the command that checks it again', () => {
    const text = textOfSection(ROLLED_BACK_DOCUMENT, 'integrity');
    expect(text).toContain('✔ Chain whole : 1,204 entries');
    expect(text).toContain('✔ None violated : 1 invariants hold, 1 found nothing to check.');
    expect(text).toContain('stepshift verify --file FILE.html');
    expect(rowsOfSection(ROLLED_BACK_DOCUMENT, 'integrity')).toEqual([
      'Invariant|State|Checked|What it says',
      'S2|✔ held|7×|Writes follow each other.',
      'S9|– not evaluated|0×|The way back is open. Needs a way back .',
    ]);
  });

  it('shows a broken chain and a violated invariant before everything else', () => {
    const { examination } = ROLLED_BACK_DOCUMENT;
    const [first] = examination?.invariants ?? [];
    if (!examination || first === undefined) throw new Error('the sample is examined');
    const breaches = [{ entry: 12, sentence: 'written twice' }];
    const document: ReportDocument = {
      ...ROLLED_BACK_DOCUMENT,
      examination: {
        ...examination,
        firstBad: { entry: 17, why: 'its hash is another' },
        invariants: [{ ...first, state: 'violated', breaches }],
      },
    };
    const text = textOfSection(document, 'integrity');
    expect(text).toContain(
      '✖ Chain broken : the first bad entry of 1,204 entries is 17 ( its hash is another )',
    );
    expect(text).toContain('✖ Violated: 1');
    expect(text.indexOf('Entry 12: written twice')).toBeLessThan(text.indexOf('All invariants'));
  });

  it('says why nothing was examined', () => {
    expect(textOfSection(REJECTED_DOCUMENT, 'integrity')).toContain('There is no record to examine');
    expect(textOfSection(REJECTED_DOCUMENT, 'integrity')).toContain('cannot be verified');
    expect(textOfSection(OLD_DOCUMENT, 'integrity')).toContain('another release wrote it');
  });
});

describe('11, the review', () => {
  it('has what occurred, what was done, what to do, and lines to sign', () => {
    const text = textOfSection(ROLLED_BACK_DOCUMENT, 'review');
    for (const part of ['What occurred', 'Actions taken', 'Recommendations', 'Sign-off']) {
      expect(text).toContain(part);
    }
    expect(text).toContain(SAMPLE_REPORT.reason.sentence);
    expect(rowsOfSection(ROLLED_BACK_DOCUMENT, 'review')).toEqual([
      'Role|Name|Decision|Date',
      'Service owner',
      'Security',
    ]);
  });
});

describe('12, the replay', () => {
  it('gives the commands and compares settings', () => {
    const text = textOfSection(ROLLED_BACK_DOCUMENT, 'replay');
    expect(text).toContain(
      'stepshift replay FILE.html stepshift replay FILE.html --what-if sensitivity=high',
    );
    expect(rowsOfSection(ROLLED_BACK_DOCUMENT, 'replay').slice(1)).toEqual([
      'as it was|✖ rolled back|21/11/2026 14:09:33 GMT|24m 30s|25 %|15,310|268|–',
      'sensitivity=high|✖ rolled back|21/11/2026 14:07:00 GMT|21m 57s|25 %|12,000|150|118',
      'checks.errors.limit=20%|✔ passed so far|21/11/2026 14:09:33 GMT|24m 30s|25 %|15,310|300|−32',
    ]);
  });

  it('says so where there is nothing to replay', () => {
    expect(textOfSection(REJECTED_DOCUMENT, 'replay')).toContain('there is nothing to decide again');
    const unrecorded = { ...ROLLED_BACK_DOCUMENT, record: null, whatIf: [] };
    const text = textOfSection(unrecorded, 'replay');
    expect(text).toContain('cannot be replayed');
    expect(text).toContain('No other settings were tried');
  });

  it('promises no command that would be refused: a record without a judgement cannot be replayed', () => {
    const refused = { ...REJECTED_DOCUMENT, record: ROLLED_BACK_DOCUMENT.record };
    expect(textOfSection(refused, 'replay')).not.toContain('stepshift replay');
  });

  it('gathers what would have changed nothing, and gives a command that changes something', () => {
    const [asItWas, ...others] = ROLLED_BACK_DOCUMENT.whatIf;
    if (asItWas === undefined) throw new Error('the sample has rows');
    const same = ['checks.errors.floor=1%', 'checks.errors.floor=2%'].map((change) => ({
      ...asItWas,
      change,
    }));
    const document = { ...ROLLED_BACK_DOCUMENT, whatIf: [asItWas, ...same, ...others] };
    expect(rowsOfSection(document, 'replay')).toEqual(rowsOfSection(ROLLED_BACK_DOCUMENT, 'replay'));
    const text = textOfSection(document, 'replay');
    expect(text).toContain('changed nothing: checks.errors.floor=1% , checks.errors.floor=2% .');
    expect(text).toContain('--what-if sensitivity=high');
  });
});
