// What the game day calls its things. Fixed names: one game day at a time in an account and Region.
import { serviceStackName } from '../../lib/names.ts';
import { SERVICE } from './service.ts';

export const ENGINE = 'StepshiftGameDay';
export const SAMPLE_STACK = 'StepshiftGameDaySample';
export const BALANCER_STACK = 'StepshiftGameDayBalancer';
export const SERVICE_STACK = serviceStackName(SERVICE);
/** In the order in which they can be removed: a service needs the engine until its record is gone. */
export const STACKS: readonly string[] = [SERVICE_STACK, BALANCER_STACK, SAMPLE_STACK, ENGINE];

/** On every stack and on all that it makes; the value is the id of the day. */
export const DAY_TAG = 'stepshift:gameday';
/** Whoever puts this tag on any stack of an account forbids game days there. */
export const FORBID_TAG = 'stepshift:no-gameday';

/** The function whose alias is rolled out. */
export const SAMPLE = { functionName: 'stepshift-gameday-sample', alias: 'live' } as const;
/** The function on which single facts are measured; nothing rolls it out. */
export const PROBE = { functionName: 'stepshift-gameday-probe', alias: 'live' } as const;
/** An alias of the probe that the template of the sample stack describes and never changes. */
export const TEMPLATE_ALIAS = { functionName: PROBE.functionName, alias: 'template' } as const;
/** Carries `OPEN_TAG`, the probe does not. */
export const TAGGED = { functionName: 'stepshift-gameday-tagged', alias: 'live' } as const;
export const OPEN_TAG = { key: 'stepshift:gameday-open', value: 'yes' } as const;

export const RECORDER_FUNCTION = 'stepshift-gameday-recorder';
export const RECORDER_TABLE = 'stepshift-gameday-recorder';
export const BEATING_MACHINE = 'stepshift-gameday-beating';
/** Its rights are cut down by a session policy for each trial. */
export const CALLER_ROLE = 'stepshift-gameday-caller';
/** An alarm of the sample service. */
export const SERVICE_ALARM = 'stepshift-gameday-service';
/** An alarm that belongs to nobody, for events. */
export const PROBE_ALARM = 'stepshift-gameday-probe';
export const MUTE_RULE = 'stepshift-gameday-mute';
