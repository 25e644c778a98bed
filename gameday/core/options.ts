// The command line of the game day.
import { parseArgs } from 'node:util';
import { InvalidInputError, messageOf, type Problem } from '../../src/core/errors.ts';

export interface Options {
  /** Show plan and cost, call nothing. */
  readonly isDryRun: boolean;
  /** Remove what an earlier day left, do nothing else. */
  readonly isClean: boolean;
  readonly isHelp: boolean;
  readonly account: string | undefined;
  readonly isConfirmed: boolean;
  readonly region: string | undefined;
  readonly only: readonly string[];
  /** How long arrivals of metrics are watched. */
  readonly minutes: number;
  /** Who may reach the load balancer; null: there is none. */
  readonly balancerCidr: string | null;
  /** An earlier day that was cut short. */
  readonly resume: string | undefined;
  readonly folder: string;
}

export const HELP = `Usage: npm run gameday -- [options]

Installs an engine and a sample service in a sandbox account, plays canaries on it, measures what Stepshift
assumes about AWS, writes a result, and removes everything again. What it does and costs: docs/game-day.md

  --dry-run         show plan and cost; no call to AWS
  --account ID      the account that is meant; it must be that of the credentials
  --yes             yes, make these things and pay for them
  --region REGION   instead of AWS_REGION
  --minutes N       watch the arrival of metrics for so long (5 to 600, default 30)
  --only ID         only this experiment; may be given several times
  --alb             also make a load balancer, for the facts about listener rules
  --cidr CIDR       with --alb: who may reach it, for example 203.0.113.7/32
  --resume DAY      go on with a day that was cut short
  --clean           remove what earlier days left, and do nothing else
  --out FOLDER      where results go (default gameday-results)
  --help

Exit codes: 0 all facts measured, all agree · 1 unexpected, something unknown or left over · 2 the input is wrong
            3 a fact disagrees with what is assumed · 9 credentials or permission`;

const DEFAULT_MINUTES = 30;

/** @throws InvalidInputError with everything that makes no sense */
export function readOptions(argv: readonly string[]): Options {
  const values = parse(argv);
  const problems: Problem[] = [];
  const minutes = Number(values.minutes ?? DEFAULT_MINUTES);
  if (!Number.isInteger(minutes) || minutes < 5 || minutes > 600) {
    problems.push(
      wrong('--minutes', values.minutes ?? '', 'a whole number from 5 to 600', 'Give such a number'),
    );
  }
  if (values.account !== undefined && !/^\d{12}$/.test(values.account)) {
    problems.push(
      wrong('--account', values.account, 'twelve digits', 'aws sts get-caller-identity tells it'),
    );
  }
  if (values.region !== undefined && !/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(values.region)) {
    problems.push(wrong('--region', values.region, 'a Region such as eu-west-2', 'Write it like this'));
  }
  if (values.resume !== undefined && !/^[a-z0-9-]{1,40}$/.test(values.resume)) {
    problems.push(wrong('--resume', values.resume, 'the id of a day', 'It is the name of its files'));
  }
  problems.push(...balancerProblems(values.alb === true, values.cidr));
  if (problems.length > 0) throw new InvalidInputError(problems);
  return {
    isDryRun: values['dry-run'] === true,
    isClean: values.clean === true,
    isHelp: values.help === true,
    account: values.account,
    isConfirmed: values.yes === true,
    region: values.region,
    only: values.only ?? [],
    minutes,
    balancerCidr: values.alb === true ? (values.cidr ?? null) : null,
    resume: values.resume,
    folder: values.out ?? 'gameday-results',
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        'dry-run': { type: 'boolean' },
        account: { type: 'string' },
        yes: { type: 'boolean' },
        region: { type: 'string' },
        minutes: { type: 'string' },
        only: { type: 'string', multiple: true },
        alb: { type: 'boolean' },
        cidr: { type: 'string' },
        resume: { type: 'string' },
        clean: { type: 'boolean' },
        out: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new InvalidInputError([
      {
        ...wrong('command line', argv.join(' '), 'what --help lists', 'See npm run gameday -- --help'),
        what: messageOf(error),
      },
    ]);
  }
}

/** A listener that is open to everybody is nothing to be made by default. */
function balancerProblems(hasBalancer: boolean, cidr: string | undefined): readonly Problem[] {
  if (!hasBalancer) {
    return cidr === undefined ? [] : [wrong('--cidr', cidr, 'with --alb only', 'Add --alb')];
  }
  if (cidr !== undefined && isCidr(cidr)) return [];
  return [
    wrong(
      '--cidr',
      cidr ?? 'nothing',
      'with --alb: the address range that may reach the load balancer',
      'Your own address: curl https://checkip.amazonaws.com, then --cidr ADDRESS/32',
    ),
  ];
}

function isCidr(text: string): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return false;
  const [bits = 33, ...bytes] = match.slice(1).map(Number).reverse();
  return bits <= 32 && bytes.every((byte) => byte <= 255);
}

function wrong(where: string, got: string, allowed: string, fix: string): Problem {
  return { code: 'wrong-usage', what: `${where} does not say what is needed`, where, got, allowed, fix };
}
