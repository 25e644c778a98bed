// What a person wants to have a service file of: read off the command line, every mistake at once where that is possible.
import { InvalidInputError } from '../../core/errors.ts';
import { PRESETS } from '../../core/presets.ts';
import { GROUP_ARN_PATTERN, RULE_ARN_PATTERN } from '../../core/targets/alb-rule-names.ts';
import { parseOption } from '../options.ts';

export type TargetWish =
  | {
      readonly kind: 'lambda-alias';
      readonly functionName: string;
      /** null: AWS is asked. */
      readonly alias: string | null;
      /** null: AWS is asked. */
      readonly interface: 'http' | 'event' | null;
    }
  | {
      readonly kind: 'alb-rule';
      readonly listenerRuleArn: string;
      /** null: AWS is asked. */
      readonly slots: { readonly blue: string; readonly green: string } | null;
    };

export interface InitWish {
  readonly service: string;
  readonly target: TargetWish;
  /** Name of a preset. */
  readonly stages: string;
  /** null: those that AWS shows. */
  readonly alarms: readonly string[] | null;
  readonly notify: string | null;
  /** As it was named. */
  readonly out: string;
  readonly isOffline: boolean;
  readonly isForced: boolean;
}

type Options = Readonly<Record<string, unknown>>;

/** Throws InvalidInputError. */
export function readInitWish(service: string, options: Options): InitWish {
  const wish = {
    service,
    target: targetOf(service, options),
    stages: textOption(options, 'stages', PRESET) ?? 'standard',
    alarms: alarmsOf(options['alarm']),
    notify: textOption(options, 'notify', CHANNEL) ?? null,
    out: typeof options['out'] === 'string' ? options['out'] : `services/${service}.yaml`,
    isOffline: options['offline'] === true,
    isForced: options['force'] === true,
  };
  assertKnownOffline(wish);
  return wish;
}

function targetOf(service: string, options: Options): TargetWish {
  const isGiven = (name: string): boolean => options[name] !== undefined;
  const isFunction = isGiven('function');
  const isRule = isGiven('listenerRule');
  if (isFunction === isRule) throw notNamed(service, isFunction);
  const stray = (isFunction ? ['blue', 'green'] : ['alias', 'interface']).filter(isGiven);
  if (stray.length > 0) {
    throw wrongUsage(
      isFunction
        ? '--blue and --green are for --listener-rule'
        : '--alias and --interface are for --function',
      stray.map((name) => `--${name}`).join(' '),
      isFunction ? '--function with --alias and --interface' : '--listener-rule with --blue and --green',
      `Leave ${stray.map((name) => `--${name}`).join(' and ')} out`,
    );
  }
  return isFunction ? functionTarget(options) : ruleTarget(options);
}

function functionTarget(options: Options): TargetWish {
  return {
    kind: 'lambda-alias',
    functionName: textOption(options, 'function', FUNCTION) ?? '',
    alias: textOption(options, 'alias', ALIAS) ?? null,
    interface: (textOption(options, 'interface', INTERFACE) as 'http' | 'event' | undefined) ?? null,
  };
}

function ruleTarget(options: Options): TargetWish {
  const blue = textOption(options, 'blue', GROUP);
  const green = textOption(options, 'green', GROUP);
  if ((blue === undefined) !== (green === undefined) || (blue !== undefined && blue === green)) {
    throw wrongUsage(
      'the slots are two target groups',
      blue === green ? 'the same one twice' : `--${blue === undefined ? 'green' : 'blue'} alone`,
      'two different target groups, or neither: then AWS is asked',
      'Give both, --blue ARN --green ARN, or neither',
    );
  }
  return {
    kind: 'alb-rule',
    listenerRuleArn: textOption(options, 'listenerRule', RULE) ?? '',
    slots: blue === undefined || green === undefined ? null : { blue, green },
  };
}

interface TextShape {
  readonly flag: string;
  readonly allowed: string;
  readonly isAllowed: (text: string) => boolean;
}

const FUNCTION: TextShape = {
  flag: '--function',
  allowed: 'the name of a function, not its ARN: at most 64 letters, digits, hyphens and underscores',
  isAllowed: (text) => /^[A-Za-z0-9-_]{1,64}$/.test(text),
};
const ALIAS: TextShape = {
  flag: '--alias',
  allowed: 'the name of an alias, not the number of a version',
  isAllowed: (text) => /^(?!^[0-9]+$)[A-Za-z0-9-_]{1,128}$/.test(text),
};
const INTERFACE: TextShape = {
  flag: '--interface',
  allowed: 'http or event',
  isAllowed: (text) => text === 'http' || text === 'event',
};
const RULE: TextShape = {
  flag: '--listener-rule',
  allowed: 'the ARN of a rule of an Application Load Balancer (…:listener-rule/app/…)',
  isAllowed: (text) => RULE_ARN_PATTERN.test(text),
};
const GROUP: TextShape = {
  flag: '--blue and --green',
  allowed: 'the ARN of a target group (…:targetgroup/…)',
  isAllowed: (text) => GROUP_ARN_PATTERN.test(text),
};
const PRESET: TextShape = {
  flag: '--stages',
  allowed: 'quick, standard, careful, or a name of CodeDeploy’s',
  isAllowed: (text) => Object.hasOwn(PRESETS, text),
};
const CHANNEL: TextShape = {
  flag: '--notify',
  allowed: 'a lower-case letter, then lower-case letters, digits and hyphens, at most 40 characters',
  isAllowed: (text) => /^[a-z][a-z0-9-]{0,39}$/.test(text),
};
const ALARM: TextShape = {
  flag: '--alarm',
  allowed: 'the name of a CloudWatch alarm, 1 to 255 printable characters',
  isAllowed: (text) => /^[^\p{Cc}]{1,255}$/u.test(text),
};

function textOption(options: Options, name: string, shape: TextShape): string | undefined {
  return parseOption(options[name], { ...shape, parse: (text) => text });
}

const MAX_ALARMS = 100;

function alarmsOf(given: unknown): readonly string[] | null {
  if (!Array.isArray(given) || given.length === 0) return null;
  const names = given.map((name) => parseOption(name, { ...ALARM, parse: (text) => text }) ?? '');
  if (names.length <= MAX_ALARMS) return [...new Set(names)];
  throw wrongUsage(
    'a service has at most 100 alarms',
    `${names.length} alarms`,
    'up to 100 alarms',
    'Name the 100 that matter most to a release',
  );
}

/** Without AWS nobody can look up what was left out. */
function assertKnownOffline({ isOffline, target }: InitWish): void {
  if (!isOffline) return;
  const isKnown = target.kind === 'lambda-alias' ? target.alias !== null : target.slots !== null;
  if (isKnown) return;
  throw wrongUsage(
    'with --offline nothing is asked of AWS, so the whole target has to be named',
    target.kind === 'lambda-alias' ? '--function alone' : '--listener-rule alone',
    target.kind === 'lambda-alias' ? '--function and --alias' : '--listener-rule, --blue and --green',
    `Add ${target.kind === 'lambda-alias' ? '--alias NAME' : '--blue ARN --green ARN'}, or leave --offline out`,
  );
}

function notNamed(service: string, areBoth: boolean): InvalidInputError {
  return new InvalidInputError([
    {
      code: 'target-not-named',
      what: areBoth
        ? 'a service has one target, and two were named'
        : 'nothing says what carries the traffic of this service',
      where: 'command line',
      got: areBoth ? '--function and --listener-rule' : 'neither --function nor --listener-rule',
      allowed: '--function NAME, or --listener-rule ARN',
      fix: `Write for example: stepshift init ${service} --function ${service}-api --alias live`,
    },
  ]);
}

function wrongUsage(what: string, got: string, allowed: string, fix: string): InvalidInputError {
  return new InvalidInputError([
    {
      code: 'wrong-usage',
      what,
      where: 'command line',
      got,
      allowed,
      fix,
    },
  ]);
}
