// What the doctor makes of alarms: those that watch the engine, and those that a service file names.
import type { Judged } from './doctor.ts';
import type { AlarmReading } from './judge/types.ts';
import { runbookArticle } from './runbook.ts';

export function judgeEngineAlarms(
  alarms: readonly AlarmReading[],
  { engineName }: { readonly engineName: string },
): readonly Judged[] {
  const restless = alarms.flatMap((alarm) => judgeEngineAlarm(alarm, engineName));
  if (restless.length > 0) return restless;
  if (alarms.length === 0) {
    const what = 'The stack of the engine has no alarms, so nobody hears when the way back is late.';
    return [{ code: 'engine-alarms-none', severity: 'warn', what, fix: 'Deploy the engine of this release' }];
  }
  return [
    {
      code: 'engine-alarms-quiet',
      severity: 'ok',
      what: `Alarms of the engine: ${alarms.length}, all quiet.`,
    },
  ];
}

function judgeEngineAlarm({ name, state, reason }: AlarmReading, engineName: string): readonly Judged[] {
  const article = runbookArticle(name.replace(`stepshift-${engineName}-`, ''));
  switch (state) {
    case 'OK':
      return [];
    case 'ALARM':
      return [
        {
          code: 'engine-alarm-firing',
          severity: 'warn',
          what: `${name} fires: ${reason}`,
          where: name,
          fix: `Read ${article}`,
        },
      ];
    case 'INSUFFICIENT_DATA':
      return [
        {
          code: 'engine-alarm-undecided',
          severity: 'warn',
          what: `${name} has too little data, which is normal only right after a deployment.`,
          where: name,
          fix: `Run this again in some minutes; if it stays so, read ${article}`,
        },
      ];
    case 'MISSING':
      return [
        {
          code: 'engine-alarm-missing',
          severity: 'warn',
          what: `${name} was deleted.`,
          where: name,
          fix: 'Deploy the engine after a change to it, or restore the alarm by hand: CloudFormation takes it for present',
        },
      ];
  }
}

export function judgeAlarms(
  alarms: readonly AlarmReading[],
  { service }: { readonly service: string },
): readonly Judged[] {
  if (alarms.length === 0) {
    return [
      { code: 'alarms-none', severity: 'ok', what: 'No alarms are named; the judge works without them.' },
    ];
  }
  const restless = alarms.flatMap((alarm) => judgeAlarm(alarm, service));
  if (restless.length > 0) return restless;
  return [{ code: 'alarms-quiet', severity: 'ok', what: `Alarms: ${alarms.length}, all OK.` }];
}

function judgeAlarm({ name, state, reason }: AlarmReading, service: string): readonly Judged[] {
  const where = `alarm ${name}`;
  switch (state) {
    case 'OK':
      return [];
    case 'ALARM':
      return [
        {
          code: 'alarm-firing',
          severity: 'fail',
          what: `${name} fires, so a start is refused: ${reason}`,
          where,
          fix: 'Wait until it is OK; to release the fix for it, accept it by name',
          command: `stepshift start ${service} VERSION --accept-alarm ${name} --reason "WHY"`,
        },
      ];
    case 'INSUFFICIENT_DATA':
      return [
        {
          code: 'alarm-undecided',
          severity: 'warn',
          what: `${name} has too little data to say anything, and a rollout is held while it stays so.`,
          where,
          fix: 'Check its metric and dimensions; treat missing data as not breaching where silence is normal',
        },
      ];
    case 'MISSING':
      return [
        {
          code: 'alarm-missing',
          severity: 'fail',
          what: `There is no alarm ${name} in this account and Region, so a start is refused.`,
          where,
          fix: 'Correct the name under checks.alarms, or create the alarm',
        },
      ];
  }
}
