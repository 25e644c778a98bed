// The runbook against the code: an article for everything that calls people, nothing about what does not exist.
import { describe, expect, it } from 'vitest';
import { EVENTS, type EventName } from '../../src/core/events.ts';
import { runbookArticle } from '../../src/core/runbook.ts';
import { resources, synthesize } from '../lib/synth.ts';
import { anchorsOf, articlesOfRunbook, readDocument } from './markdown.ts';

const { engine } = synthesize();
const runbook = readDocument('docs/runbook.md');
const alarms = Object.values(resources(engine, 'AWS::CloudWatch::Alarm')).map(({ Properties }) =>
  String(Properties.AlarmName).replace('stepshift-StepshiftEngine-', ''),
);
const events = Object.keys(EVENTS) as EventName[];

function article(name: string): string {
  const [, after = ''] = runbook.split(`\n### ${name}\n`);
  return after.split(/\n##+ /)[0] ?? '';
}

/** The severity of an alarm or an event by its name. */
function severityOf(name: string): number {
  const event = (EVENTS as Readonly<Record<string, { readonly severity: number }>>)[name];
  if (event !== undefined) return event.severity;
  const alarm = Object.values(resources(engine, 'AWS::CloudWatch::Alarm')).find(({ Properties }) =>
    Properties.AlarmName.endsWith(`-${name}`),
  );
  return Number(/^Severity (\d)/.exec(alarm?.Properties.AlarmDescription)?.[1]);
}

describe('the runbook', () => {
  it('has one article for every alarm and every event, and no other', () => {
    expect(articlesOfRunbook().toSorted()).toEqual([...alarms, ...events].toSorted());
  });

  it.each(articlesOfRunbook())('%s is found by the link that people get', (name) => {
    const [file, anchor] = runbookArticle(name).split('#');
    expect(file).toBe('docs/runbook.md');
    expect(anchorsOf(runbook).filter((heading) => heading === anchor)).toHaveLength(1);
  });

  it.each(articlesOfRunbook())(
    '%s says its severity, whether traffic is safe, who acts, how it ends and what to do',
    (name) => {
      const text = article(name);
      expect(text).toMatch(new RegExp(`^\\nSeverity ${severityOf(name)}\\. `));
      for (const part of ['Traffic', 'By itself', 'Ends', 'Now']) expect(text).toContain(`- **${part}**: `);
    },
  );

  it('has something to copy in every article that asks for more than to wait', () => {
    const without = articlesOfRunbook().filter((name) => !article(name).includes('\n```sh\n'));
    expect(without.filter((name) => severityOf(name) < 4)).toEqual(['rollback-started']);
    for (const name of without.filter((one) => severityOf(one) === 4)) {
      expect(article(name)).toContain('- **Now**: nothing.');
    }
  });

  it('names only events and alarms as what comes next', () => {
    const known: readonly string[] = [...events, ...alarms];
    const ends = [...runbook.matchAll(/^- \*\*Ends\*\*: (.*)$/gm)].flatMap(([, text = '']) => [
      ...text.matchAll(/`([a-z]+-[a-z-]+)`/g),
    ]);
    expect(ends.length).toBeGreaterThan(20);
    expect(ends.map((match) => match[1]).filter((name) => !known.includes(name ?? ''))).toEqual([]);
  });

  it('finds functions by ids that the template has', () => {
    const ids = Object.keys(resources(engine, 'AWS::Lambda::Function'));
    const [, from = ''] = runbook.split('Function names are made by CloudFormation.');
    const [told = ''] = from.split('\n## ');
    const named = [...told.matchAll(/`([A-Z]\w+)`|LogicalResourceId, '(\w+)'/g)]
      .map((match) => match[1] ?? match[2] ?? '')
      .filter((name) => !name.endsWith('Error'));
    expect(named).toHaveLength(7);
    for (const name of named) expect(ids.some((id) => id.startsWith(name))).toBe(true);
  });

  it('lists resources by the call that has more than one page', () => {
    // DescribeStackResources answers the first 100 (CloudFormation API reference), and the engine has more
    expect(runbook).not.toContain('describe-stack-resources');
    expect(runbook).toContain('list-stack-resources');
  });

  it('is right that there is one queue', () => {
    expect(Object.keys(resources(engine, 'AWS::SQS::Queue'))).toHaveLength(1);
  });
});
