// A day from deploying to removing: what was made is removed whatever happens, and no sample is lost.
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { experiment, type Need } from '../../gameday/core/experiment.ts';
import {
  EMPTY_JOURNAL,
  type JournalLine,
  journalText,
  readJournal,
  withLine,
} from '../../gameday/core/journal.ts';
import type { Ports } from '../../gameday/ports.ts';
import { playDay } from '../../gameday/run/day.ts';
import { StoppedError } from '../../gameday/run/stopped.ts';
import { named } from './fake-lambda.ts';
import { fakeWorld } from './fake-world.ts';

type Run = (ports: Ports, keep: (sample: { n: number }) => void) => Promise<void>;

function sampling(id: string, run: Run, needs: readonly Need[] = ['sample']) {
  return experiment({
    id,
    question: `is it ${id}?`,
    assumption: 'it is',
    place: 'docs/limits.md',
    method: 'looking',
    needs,
    minutes: () => 1,
    sample: z.object({ n: z.number() }),
    run,
    judge: (samples) => ({ verdict: 'agrees', measured: `${samples.length}`, values: {} }),
  });
}

const fine = (id: string) => sampling(id, async (_ports, keep) => keep({ n: 1 }));

async function play(
  experiments: readonly ReturnType<typeof sampling>[],
  more: {
    readonly lines?: readonly JournalLine[];
    readonly build?: () => Promise<void>;
    readonly left?: string[];
  } = {},
) {
  const { ports, time } = fakeWorld();
  const told: string[] = [];
  const appended: JournalLine[] = [];
  const end = await playDay({
    plan: { experiments, needs: new Set(experiments.flatMap(({ needs }) => needs)), minutes: 1 },
    options: { minutes: 5, account: { id: '1', region: 'eu-west-2' } },
    ports,
    journal: (more.lines ?? []).reduce(withLine, EMPTY_JOURNAL),
    append: (line) => appended.push(line),
    build: async () => {
      told.push('build');
      await more.build?.();
    },
    clear: async () => {
      told.push('clear');
      return more.left ?? [];
    },
    remark: () => {},
  });
  return { ...end, told, appended, time };
}

const begun = (appended: readonly JournalLine[]) =>
  appended.flatMap((line) => (line.kind === 'begun' ? [line.id] : []));

describe('a day', () => {
  it('plays every experiment, keeps samples as they come, and removes everything', async () => {
    const { journal, told, broken, appended } = await play([fine('a'), fine('b')]);
    expect(told).toEqual(['build', 'clear']);
    expect(broken).toBeNull();
    expect([...journal.played].map(([id, { state, samples }]) => [id, state, samples])).toEqual([
      ['a', 'done', [{ n: 1 }]],
      ['b', 'done', [{ n: 1 }]],
    ]);
    expect(readJournal(appended.map(journalText).join(''))).toEqual(journal);
  });

  it('goes on with the next experiment when one fails, and keeps what that one had seen', async () => {
    const failing = sampling('a', async (_ports, keep) => {
      keep({ n: 1 });
      throw new Error('it broke');
    });
    const { journal, told } = await play([failing, fine('b')]);
    expect(journal.played.get('a')).toEqual({ samples: [{ n: 1 }], state: 'failed', error: 'it broke' });
    expect(journal.played.get('b')?.state).toBe('done');
    expect(told.at(-1)).toBe('clear');
  });

  it('tries again when AWS throttles, without the samples of the first attempt', async () => {
    let attempts = 0;
    const throttled = sampling('a', async (_ports, keep) => {
      keep({ n: ++attempts });
      if (attempts < 3) throw named('ThrottlingException');
    });
    const { journal, time, appended } = await play([throttled]);
    expect(journal.played.get('a')).toMatchObject({ state: 'done', samples: [{ n: 3 }] });
    expect(begun(appended)).toEqual(['a', 'a', 'a']);
    expect(time.nowMs - fakeWorld().time.nowMs).toBe(60_000);
  });

  it('gives up on an experiment that is throttled again and again', async () => {
    const throttled = sampling('a', async () => {
      throw named('TooManyRequestsException');
    });
    const { journal, appended } = await play([throttled, fine('b')]);
    expect(begun(appended)).toEqual(['a', 'a', 'a', 'b']);
    expect(journal.played.get('a')?.state).toBe('failed');
  });

  it.each([
    ['a person stops it', new StoppedError()],
    ['the credentials run out', named('ExpiredTokenException')],
    [
      'the credentials run out inside of a call',
      new Error('a call failed', { cause: named('ExpiredToken') }),
    ],
  ])('ends and removes everything when %s', async (_why, error) => {
    const ending = sampling('a', async () => {
      throw error;
    });
    const { broken, told, journal, appended } = await play([ending, fine('b')]);
    expect(broken).toBe(error);
    expect(told).toEqual(['build', 'clear']);
    expect(begun(appended)).toEqual(['a']);
    expect(journal.played.get('a')?.state).toBe('failed');
  });

  it('removes what a deployment left that failed in the middle', async () => {
    const broke = new Error('cdk deploy ended with 1');
    const { broken, told, appended, leftOver } = await play([fine('a')], {
      build: () => Promise.reject(broke),
      left: ['CloudFormation stack X'],
    });
    expect(broken).toBe(broke);
    expect(told).toEqual(['build', 'clear']);
    expect(appended).toEqual([]);
    expect(leftOver).toEqual(['CloudFormation stack X']);
  });

  it('goes on with what is not done yet', async () => {
    const lines: readonly JournalLine[] = [
      { kind: 'begun', id: 'a', atMs: 1 },
      { kind: 'sample', id: 'a', sample: { n: 7 } },
      { kind: 'done', id: 'a', atMs: 2 },
      { kind: 'begun', id: 'b', atMs: 3 },
      { kind: 'sample', id: 'b', sample: { n: 8 } },
    ];
    const { appended, journal } = await play([fine('a'), fine('b')], { lines });
    expect(begun(appended)).toEqual(['b']);
    expect(journal.played.get('a')?.samples).toEqual([{ n: 7 }]);
    expect(journal.played.get('b')?.samples).toEqual([{ n: 1 }]);
  });

  it('makes nothing when nothing is left to play', async () => {
    const lines: readonly JournalLine[] = [{ kind: 'done', id: 'a', atMs: 2 }];
    expect((await play([fine('a')], { lines })).told).toEqual(['clear']);
  });

  it('warms up once, before the first experiment that needs traffic', async () => {
    const sent: number[] = [];
    const needing = (id: string) =>
      sampling(
        id,
        async ({ traffic }) => {
          sent.push(Object.values(traffic.tally()).reduce((sum, { requests }) => sum + requests, 0));
        },
        ['traffic'],
      );
    const { time } = await play([fine('a'), needing('b'), needing('c')]);
    expect(sent).toEqual([12_000, 12_000]);
    expect(time.nowMs - fakeWorld().time.nowMs).toBe(600_000);
  });
});

describe('a journal', () => {
  const lines: readonly JournalLine[] = [
    { kind: 'begun', id: 'a', atMs: 1 },
    { kind: 'sample', id: 'a', sample: { n: 7 } },
  ];

  it('leaves out a last line that was cut off', () => {
    const text = `${lines.map(journalText).join('')}{"kind":"sample","id":"a","sam`;
    expect(readJournal(text).played.get('a')?.samples).toEqual([{ n: 7 }]);
  });

  it('refuses a broken line in its middle', () => {
    expect(() => readJournal(`{"kind":"sam\n${lines.map(journalText).join('')}`)).toThrow();
  });
});
