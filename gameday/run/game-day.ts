// One run of `npm run gameday`: what it would do and cost, whether it may, the day itself, and its result.
import { EXIT, type ExitCode } from '../../src/cli/command.ts';
import { InvalidInputError } from '../../src/core/errors.ts';
import { type FoundStack, type Identity, leftovers } from '../core/admission.ts';
import { estimateCost } from '../core/cost.ts';
import type { AnyExperiment, DayOptions } from '../core/experiment.ts';
import { EMPTY_JOURNAL, type Journal, type JournalLine, readJournal, withLine } from '../core/journal.ts';
import { HELP, type Options, readOptions } from '../core/options.ts';
import { type DayPlan, planDay } from '../core/plan.ts';
import { exitCodeOfResult, type Result, resultMarkdown, resultOf } from '../core/result.ts';
import { costText, identityText, planText } from '../core/text.ts';
import type { Ports } from '../ports.ts';
import { playDay } from './day.ts';
import { fixedCredentials, refusals, UNCONFIRMED } from './refusals.ts';
import { build, clear, type Deployer, type Estate } from './site.ts';
import { isFatal, StoppedError } from './stopped.ts';

/** Where days are kept. */
export interface Files {
  /** null: there is no such day. */
  readonly readJournal: (day: string) => string | null;
  readonly appendJournal: (day: string, line: JournalLine) => void;
  /** Never overwrites; answers the names of what was written. */
  readonly writeResult: (day: string, json: string, markdown: string) => readonly string[];
}

/** Everything outside of this process. */
export interface World {
  readonly identify: () => Promise<Identity>;
  readonly estate: Estate;
  readonly deployer: Deployer;
  readonly portsOf: (identity: Identity, day: string) => Ports;
  readonly files: Files;
  readonly nowMs: () => number;
  readonly newDay: () => string;
  /** Temporary ones that nothing renews: when they run out, not even removing works. */
  readonly areCredentialsFixed: boolean;
  /** Asks a person; null where nobody sits there. */
  readonly ask: ((question: string) => Promise<string>) | null;
}

export interface GameDayIo {
  readonly writeOut: (text: string) => void;
  readonly remark: (line: string) => void;
}

/** @param openWorld not called for help and dry runs @throws InvalidInputError, and what AWS throws */
export async function runGameDay(
  argv: readonly string[],
  io: GameDayIo,
  experiments: readonly AnyExperiment[],
  openWorld: (options: Options) => World,
): Promise<ExitCode> {
  const options = readOptions(argv);
  if (options.isHelp) {
    io.writeOut(`${HELP}\n`);
    return EXIT.promotedOrClean;
  }
  const shape: DayOptions = { minutes: options.minutes, account: { id: '', region: '' } };
  const plan = planDay(experiments, options.only, options.balancerCidr !== null, shape);
  if (!options.isClean) io.writeOut(`${planText(plan, shape)}\n\n${costText(estimateCost(plan))}\n`);
  if (options.isDryRun) return EXIT.promotedOrClean;
  const world = openWorld(options);
  const identity = await world.identify();
  io.writeOut(`\n${identityText(identity)}\n`);
  const stacks = await world.estate.list();
  const problems = refusals(options, identity, stacks);
  if (world.areCredentialsFixed) io.remark(fixedCredentials(plan));
  if (problems.length > 0) throw new InvalidInputError(problems);
  if (options.isClean) return clean(world, identity, stacks, io);
  await confirm(world, identity);
  return play({ world, identity, options, plan, io });
}

/** Where a person sits they are asked once more: --yes may come from the history of a shell. */
async function confirm({ ask }: World, { accountId }: Identity): Promise<void> {
  if (ask === null) return;
  const answer = await ask(`Type the number of the account to begin: `);
  if (answer.trim() !== accountId) throw new InvalidInputError([{ ...UNCONFIRMED, got: answer.trim() }]);
}

async function clean(
  { estate, portsOf }: World,
  identity: Identity,
  stacks: readonly FoundStack[],
  io: GameDayIo,
): Promise<ExitCode> {
  for (const { name, day } of leftovers(stacks)) io.remark(`Found ${name} of the game day ${day}`);
  const { stopAll } = portsOf(identity, '').rollouts;
  const left = await clear(estate, { day: null, hasLoose: true, stopRollouts: stopAll }, io.remark);
  io.writeOut(left.length === 0 ? 'Nothing of a game day is left.\n' : `${leftText(left)}\n`);
  return left.length === 0 ? EXIT.promotedOrClean : EXIT.unexpected;
}

interface Play {
  readonly world: World;
  readonly identity: Identity;
  readonly options: Options;
  readonly plan: DayPlan;
  readonly io: GameDayIo;
}

async function play({ world, identity, options, plan, io }: Play): Promise<ExitCode> {
  const { files, nowMs } = world;
  const journal = openJournal(world, identity, options);
  const day = journal.day?.day ?? '';
  const ports = world.portsOf(identity, day);
  io.remark(`Game day ${day}. Ctrl-C ends it early and removes everything.`);
  const end = await playDay({
    plan,
    options: { minutes: options.minutes, account: { id: identity.accountId, region: identity.region } },
    ports,
    journal,
    append: (line) => files.appendJournal(day, line),
    build: () => build(world.deployer, { day, needs: plan.needs, balancerCidr: options.balancerCidr }),
    clear: () =>
      clear(
        world.estate,
        { day, hasLoose: makesLoose(plan), stopRollouts: ports.rollouts.stopAll },
        io.remark,
      ),
    remark: io.remark,
  });
  const result = resultOf({
    journal: end.journal,
    experiments: plan.experiments,
    endedAtMs: nowMs(),
    estimatedUsd: estimateCost(plan).usd,
    leftOver: end.leftOver,
  });
  tell(result, files, io);
  if (end.broken === null) return exitCodeOfResult(result);
  return isFatal(end.broken) && !(end.broken instanceof StoppedError) ? EXIT.noPermission : EXIT.unexpected;
}

/** A mute rule is in no stack. */
function makesLoose({ experiments }: DayPlan): boolean {
  return experiments.some(({ leavesLoose }) => leavesLoose === true);
}

/** @throws InvalidInputError when the day to go on with is not there or was another account's */
function openJournal({ files, newDay, nowMs }: World, identity: Identity, options: Options): Journal {
  if (options.resume === undefined) {
    const line: JournalLine = {
      kind: 'day',
      day: newDay(),
      atMs: nowMs(),
      account: identity.accountId,
      region: identity.region,
      minutes: options.minutes,
      balancerCidr: options.balancerCidr,
    };
    files.appendJournal(line.day, line);
    return withLine(EMPTY_JOURNAL, line);
  }
  const text = files.readJournal(options.resume);
  const journal = text === null ? EMPTY_JOURNAL : readJournal(text);
  const { day } = journal;
  if (day !== null && day.account === identity.accountId && day.region === identity.region) return journal;
  throw new InvalidInputError([
    {
      code: 'no-such-day',
      what: day === null ? 'there is no journal of this day' : 'that day was in another account or Region',
      where: '--resume',
      got: options.resume,
      allowed: 'a day of this account and Region whose journal is in the folder of results',
      fix: 'Begin a new day without --resume',
    },
  ]);
}

function tell(result: Result, files: Files, io: GameDayIo): void {
  const markdown = resultMarkdown(result);
  const written = files.writeResult(result.day, `${JSON.stringify(result, null, 2)}\n`, markdown);
  io.writeOut(`\n${markdown}\n`);
  for (const name of written) io.remark(`Written: ${name}`);
  if (result.leftOver.length > 0) io.remark(leftText(result.leftOver));
}

function leftText(left: readonly string[]): string {
  return ['Left over, and billed until it is removed:', ...left.map((one) => `  ${one}`)].join('\n');
}
