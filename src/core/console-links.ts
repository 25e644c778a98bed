// Addresses of the AWS console for what a report tells of. They are made from text, nothing is asked.

/**
 * Console of each partition. Sources: AWS General Reference, «Sign-in endpoints», for the hosts; a Region in front of the
 * host opens the console there. Addresses of single pages are not documented: they are those that the console itself shows,
 * and those in the mails that CloudWatch sends.
 */
const HOSTS: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

const REGION = /^[a-z0-9]+(?:-[a-z0-9]+)+$/;
/** Source: Service Authorization Reference, «Resource types defined by AWS Step Functions». */
const EXECUTION_ARN =
  /^arn:(aws|aws-cn|aws-us-gov):states:([a-z0-9-]+):(\d{12}):execution:([^\s:/]{1,80}):([^\s:/]{1,80})$/;

/** Writes are told some minutes late, and by a clock that is not ours. */
const TRAIL_BEFORE_MS = 60_000;
const TRAIL_AFTER_MS = 300_000;
/** Largest distance from the epoch that a Date can hold, milliseconds (ECMA-262, time values). */
const MAX_TIME_MS = 8.64e15;

/** The execution with its graph and its events; null for what is no execution of a workflow. */
export function executionLink(executionArn: string): string | null {
  const place = placeOf(executionArn);
  // colons may stand in a fragment (RFC 3986, 3.5), and the console expects them
  return place === null
    ? null
    : page(place, 'states', `/v2/executions/details/${executionArn.split(':').map(encoded).join(':')}`);
}

/**
 * The alarm with its history.
 * @param where ARN of the execution, or the Region alone
 */
export function alarmLink(where: string, alarmName: string): string | null {
  const place = placeOf(where) ?? regionOf(where);
  if (place === null || alarmName === '' || !alarmName.isWellFormed()) return null;
  return page(place, 'cloudwatch', `alarmsV2:alarm/${encoded(alarmName)}`);
}

/**
 * Event history of CloudTrail around an instant, in the account and Region of the execution. It reaches back 90 days
 * (CloudTrail user guide, «Working with CloudTrail Event history»).
 * @param eventName for example `UpdateAlias20150331`; null: everything that changed something
 */
export function trailLink(executionArn: string, eventName: string | null, atMs: number): string | null {
  const place = placeOf(executionArn);
  const [fromMs, toMs] = [atMs - TRAIL_BEFORE_MS, atMs + TRAIL_AFTER_MS];
  const isInstant = fromMs >= -MAX_TIME_MS && toMs <= MAX_TIME_MS;
  if (place === null || !isInstant || eventName?.isWellFormed() === false) return null;
  const wanted = eventName === null ? 'ReadOnly=false' : `EventName=${encoded(eventName)}`;
  const [from, to] = [fromMs, toMs].map((ms) => encoded(new Date(ms).toISOString()));
  return page(place, 'cloudtrailv2', `/events?${wanted}&StartTime=${from}&EndTime=${to}`);
}

interface Place {
  readonly partition: string;
  readonly region: string;
}

function placeOf(executionArn: string): Place | null {
  const [, partition, region] = EXECUTION_ARN.exec(executionArn) ?? [];
  if (!partition || !region || !REGION.test(region) || !executionArn.isWellFormed()) return null;
  return { partition, region };
}

function regionOf(region: string): Place | null {
  if (!REGION.test(region)) return null;
  if (region.startsWith('cn-')) return { partition: 'aws-cn', region };
  return { partition: region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws', region };
}

function page({ partition, region }: Place, service: string, fragment: string): string {
  return `https://${region}.${HOSTS[partition]}/${service}/home?region=${region}#${fragment}`;
}

/** Everything but letters, digits and `-_.~`: brackets and quotes would end a link in a chat or in markup. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
