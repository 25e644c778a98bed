// The scripts of the example pipelines, run with a stand-in for the AWS CLI that writes down how it is called.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION_TAG } from '../../src/core/targets/alb-rule-names.ts';
import { tempFolder } from '../support/temp-folder.ts';

const SCRIPTS = join(import.meta.dirname, '../../examples/pipelines');
const SEPARATOR = '\u001f';

/** Answers by the sub-command that the call begins with; a call without an answer prints nothing. */
type Answers = Readonly<Record<string, string>>;

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Arguments of every call, in order. */
  readonly calls: readonly (readonly string[])[];
}

const FAKE_AWS = `#!/usr/bin/env bash
printf '%s${SEPARATOR}' "$@" >> "$CALLS"
echo >> "$CALLS"
for words in "$1 $2 $3" "$1 $2"; do
  answer="$ANSWERS/\${words// /-}"
  if [[ -e "$answer" ]]; then
    cat "$answer"
    exit
  fi
done
[[ ! -e "$ANSWERS/\${1}-\${2}.fails" ]]
`;

function run(script: string, env: Readonly<Record<string, string>>, answers: Answers): Run {
  using folder = tempFolder({
    'bin/aws': FAKE_AWS,
    calls: '',
    'taskdef.json': '{"family":"shop","containerDefinitions":[{"name":"shop","image":"<IMAGE>"}]}',
    'function.zip': 'zip',
    ...Object.fromEntries(
      Object.entries(answers).map(([call, answer]) => [
        `answers/${call.replaceAll(' ', '-')}`,
        `${answer}\n`,
      ]),
    ),
  });
  const at = (name: string) => join(folder.path, name);
  chmodSync(at('bin/aws'), 0o755);
  const { status, stdout, stderr } = spawnSync('bash', [join(SCRIPTS, script)], {
    cwd: folder.path,
    encoding: 'utf8',
    env: { PATH: `${at('bin')}:${process.env['PATH']}`, CALLS: at('calls'), ANSWERS: at('answers'), ...env },
  });
  const calls = readFileSync(at('calls'), 'utf8')
    .split(`${SEPARATOR}\n`)
    .slice(0, -1)
    .map((line) => line.split(SEPARATOR));
  return { status, stdout, stderr, calls };
}

/** The two or three words that say what a call does. */
function verbsOf({ calls }: Run): readonly string[] {
  return calls.map((call) => call.slice(0, call[1] === 'wait' ? 3 : 2).join(' '));
}

/**
 * What is picked out of each answer. The stand-in answers whatever is asked, so the queries are held as they stand; they were
 * tried with jmespath 1.1.0, which the AWS CLI has, on answers of the SDK's shape.
 */
function queriesOf({ calls }: Run): readonly string[] {
  return calls
    .filter((call) => call.includes('--query'))
    .map((call) => `${call[1]}: ${call[call.indexOf('--query') + 1]}`);
}

function optionOf({ calls }: Run, verb: string, option: string): string | undefined {
  const call = calls.find((words) => words.join(' ').startsWith(verb)) ?? [];
  return call[call.indexOf(option) + 1];
}

describe('publish-version.sh', () => {
  const ENV = { FUNCTION_NAME: 'checkout-api', ZIP_FILE: 'function.zip' };
  const ANSWERS = { 'lambda update-function-code': 'c29tZS1oYXNo', 'lambda publish-version': '42' };

  it('prints the new version, and nothing else', () => {
    expect(run('publish-version.sh', ENV, ANSWERS)).toMatchObject({ status: 0, stdout: '42\n' });
  });

  it('publishes the code that it uploaded, and leaves the alias alone', () => {
    const published = run('publish-version.sh', ENV, ANSWERS);
    expect(verbsOf(published)).toEqual([
      'lambda update-function-code',
      'lambda wait function-updated',
      'lambda publish-version',
      'lambda wait published-version-active',
    ]);
    expect(optionOf(published, 'lambda publish-version', '--code-sha256')).toBe('c29tZS1oYXNo');
    expect(optionOf(published, 'lambda update-function-code', '--zip-file')).toBe('fileb://function.zip');
    expect(optionOf(published, 'lambda wait published', '--qualifier')).toBe('42');
    expect(queriesOf(published)).toEqual(['update-function-code: CodeSha256', 'publish-version: Version']);
  });

  it.each(['$LATEST', 'None', '42"', ''])('hands on no other text than a number: %j', (version) => {
    const published = run('publish-version.sh', ENV, { ...ANSWERS, 'lambda publish-version': version });
    expect(published).toMatchObject({ status: 1, stdout: '' });
    expect(published.stderr).toContain('no version');
  });

  it.each(['update-function-code', 'wait', 'publish-version'])('ends where %s fails', (verb) => {
    const { [`lambda ${verb}` as keyof typeof ANSWERS]: _left, ...others } = ANSWERS;
    const failed = run('publish-version.sh', ENV, { ...others, [`lambda ${verb}.fails`]: '' });
    expect(failed.status).not.toBe(0);
    expect(failed.stdout).toBe('');
    expect(failed.calls.at(-1)?.[1]).toBe(verb);
  });
});

describe('fill-idle-slot.sh', () => {
  const LISTENER = 'app/shop-lb/50dc6c495c0c9188/f2f7dc8efc522ab2';
  const PREFIX = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012';
  const ENV = {
    IMAGE: '123456789012.dkr.ecr.eu-west-2.amazonaws.com/shop:1a2b3c&4',
    VERSION: '1a2b3c4d5e6f',
    TASK_DEFINITION: 'taskdef.json',
    LISTENER_RULE: `${PREFIX}:listener-rule/${LISTENER}/9683b2d02a6cabee`,
    CLUSTER: 'shop',
    BLUE_GROUP: `${PREFIX}:targetgroup/shop-blue/73e2d6bc24d8a067`,
    BLUE_SERVICE: 'shop-blue',
    GREEN_GROUP: `${PREFIX}:targetgroup/shop-green/d3fe8f1ab2c94e21`,
    GREEN_SERVICE: 'shop-green',
  };
  const ANSWERS = {
    'elbv2 describe-rules --rule-arns': ENV.BLUE_GROUP,
    'ecs register-task-definition': 'shop:7',
    'ecs describe-services': '4',
  };

  it('fills green while blue is live, and blue while green is', () => {
    const green = run('fill-idle-slot.sh', ENV, ANSWERS);
    expect(green).toMatchObject({ status: 0, stdout: 'green\n' });
    expect(optionOf(green, 'ecs update-service', '--service')).toBe('shop-green');
    expect(optionOf(green, 'elbv2 add-tags', '--resource-arns')).toBe(ENV.GREEN_GROUP);

    const blue = run('fill-idle-slot.sh', ENV, {
      ...ANSWERS,
      'elbv2 describe-rules --rule-arns': ENV.GREEN_GROUP,
    });
    expect(blue).toMatchObject({ status: 0, stdout: 'blue\n' });
    expect(optionOf(blue, 'ecs update-service', '--service')).toBe('shop-blue');
    expect(optionOf(blue, 'elbv2 add-tags', '--resource-arns')).toBe(ENV.BLUE_GROUP);
  });

  it('takes the old tag away first and sets the new one last, so that no tag tells of other code', () => {
    const filled = run('fill-idle-slot.sh', ENV, ANSWERS);
    expect(verbsOf(filled)).toEqual([
      'elbv2 describe-rules',
      'elbv2 describe-rules',
      'elbv2 remove-tags',
      'ecs register-task-definition',
      'ecs describe-services',
      'ecs update-service',
      'ecs wait services-stable',
      'elbv2 add-tags',
    ]);
    expect(optionOf(filled, 'elbv2 remove-tags', '--tag-keys')).toBe(VERSION_TAG);
    expect(optionOf(filled, 'elbv2 add-tags', '--tags')).toBe(`Key=${VERSION_TAG},Value=${ENV.VERSION}`);
    expect(optionOf(filled, 'elbv2 describe-rules --listener-arn', '--listener-arn')).toBe(
      `${PREFIX}:listener/${LISTENER}`,
    );
  });

  it('takes a slot for idle that its rule gives nothing, and for free that no other rule names, not even at weight 0', () => {
    expect(queriesOf(run('fill-idle-slot.sh', ENV, ANSWERS))).toEqual([
      "describe-rules: Rules[0].Actions[?Type=='forward'] | [-1].ForwardConfig.TargetGroups[?Weight>`0`].TargetGroupArn",
      `describe-rules: Rules[?RuleArn!='${ENV.LISTENER_RULE}' && contains(to_string(Actions), '${ENV.GREEN_GROUP}')].RuleArn`,
      'register-task-definition: taskDefinition.taskDefinitionArn',
      'describe-services: services[0].desiredCount',
      'update-service: service.serviceArn',
    ]);
  });

  it('deploys the image, with as many tasks as the live slot has', () => {
    const filled = run('fill-idle-slot.sh', ENV, ANSWERS);
    const definition = JSON.parse(optionOf(filled, 'ecs register', '--cli-input-json') ?? '');
    expect(definition.containerDefinitions[0].image).toBe(ENV.IMAGE);
    expect(optionOf(filled, 'ecs describe-services', '--services')).toBe('shop-blue');
    expect(optionOf(filled, 'ecs update-service', '--desired-count')).toBe('4');
    expect(optionOf(filled, 'ecs update-service', '--task-definition')).toBe('shop:7');
  });

  it.each([
    [
      'both slots take traffic',
      { 'elbv2 describe-rules --rule-arns': `${ENV.BLUE_GROUP}\t${ENV.GREEN_GROUP}` },
    ],
    ['neither does', { 'elbv2 describe-rules --rule-arns': 'None' }],
    ['a rollout has a rule for the idle slot', { 'elbv2 describe-rules --listener-arn': 'arn:of:a:rule' }],
  ])('changes nothing when %s', (_case, answers) => {
    const refused = run('fill-idle-slot.sh', ENV, { ...ANSWERS, ...answers });
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^fill-idle-slot: /);
    expect(new Set(verbsOf(refused))).toEqual(new Set(['elbv2 describe-rules']));
  });

  it.each(['4"2', 'a b', '', '$LATEST'])(
    'asks AWS nothing for a version that nobody could start: %j',
    (VERSION) => {
      expect(run('fill-idle-slot.sh', { ...ENV, VERSION }, ANSWERS)).toMatchObject({
        status: 1,
        stdout: '',
        calls: [],
      });
    },
  );

  it.each(['register-task-definition', 'update-service', 'wait'])(
    'leaves the slot untagged where %s fails',
    (verb) => {
      const { [`ecs ${verb}` as keyof typeof ANSWERS]: _left, ...others } = ANSWERS;
      const failed = run('fill-idle-slot.sh', ENV, { ...others, [`ecs ${verb}.fails`]: '' });
      expect(failed.status).not.toBe(0);
      expect(failed.stdout).toBe('');
      expect(verbsOf(failed)).toContain('elbv2 remove-tags');
      expect(verbsOf(failed)).not.toContain('elbv2 add-tags');
    },
  );
});
