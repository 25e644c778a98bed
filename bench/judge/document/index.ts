// docs/judge-benchmark.md: results as a document, the same bytes for the same results.

import type { BorderRate } from '../border/rates.ts';
import { betterSection } from './better.ts';
import { borderRateSection } from './border-rate.ts';
import { harmSection } from './harm.ts';
import { borderSection, falseRollbackSection, weaknessSection } from './healthy.ts';
import { limitsSection, methodSection } from './method.ts';
import type { Results } from './results.ts';
import { summary } from './summary.ts';

/** @param borderRates null: that part was not run */
export function renderDocument(results: Results, borderRates: readonly BorderRate[] | null): string {
  const sections = [
    intro(results),
    summary(results),
    methodSection(results),
    falseRollbackSection(results),
    harmSection(results),
    betterSection(results),
    borderSection(results),
    borderRates === null ? [] : borderRateSection(borderRates),
    weaknessSection(results),
    limitsSection(),
    reproduction(results),
  ];
  const text = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
  return `${text}\n`;
}

function intro({ scenarios, contestants }: Results): readonly string[] {
  const rollouts = scenarios.reduce((sum, result) => sum + result.rollouts, 0);
  return [
    '# The judge against its peers',
    '',
    `How often does a judge take back a healthy release, and how much do users suffer before it takes back a bad one? Here ${contestants.length}`,
    `judges see the same ${rollouts.toLocaleString('en-GB')} simulated rollouts of ${scenarios.length} scenarios. This page is generated; do not edit it.`,
    '',
    'How to read it: false rollbacks first. A judge that cries wolf is switched off, so its speed is worth nothing. Among the judges',
    'that leave healthy releases alone, fewer bad requests are better. «Harm» is a canary outside Stepshift’s tolerances: more errors',
    'than 1.5 times stable’s and than 0.1 %, latency more than 25 % slower, more than 5 % fewer conversions, or silence.',
  ];
}

function reproduction({ seed, scale }: Results): readonly string[] {
  const options = `${scale === 1 ? '' : ` --scale ${scale}`} --seed ${seed}`;
  return [
    '## How to reproduce it',
    '',
    `The seed is ${seed}, the scale ${scale}. The same seed and scale give this page byte for byte.`,
    '',
    '```sh',
    `npm run bench:judge --${options}`,
    '```',
    '',
    '`--scale 0.1` is a quick look with a tenth of the rollouts, `--only TEXT` takes the scenarios whose name contains a text,',
    '`--judges NAME,NAME` some of the judges, `--out FILE` another file. A run that is not whole is printed and not written',
    'unless `--out` says where.',
  ];
}
