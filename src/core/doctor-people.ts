// What the doctor makes of the topics: whether somebody is told, and whether a chat channel is.
import type { Judged } from './doctor.ts';
import type { ChatReading, SubscriptionReading } from './doctor-reader.ts';

/** Whom these two call has to act; the other two may well have nobody. */
const TOLD_SEVERITIES = { 1: 'that traffic is not safe', 2: 'that a release was rolled back' } as const;

export function judgePeople(subscriptions: readonly SubscriptionReading[]): readonly Judged[] {
  const pending = subscriptions
    .filter(({ isPending }) => isPending)
    .map(
      ({ severity, protocol, endpoint }): Judged => ({
        code: 'subscription-pending',
        severity: 'warn',
        what: `${protocol} ${endpoint} never confirmed its subscription to severity ${severity}, so it is told nothing.`,
        where: `topic of severity ${severity}`,
        fix: 'Follow the link in the message that it got, or subscribe it again (SNS forgets it after some days)',
      }),
    );
  const unheard = ([1, 2] as const)
    .filter((severity) => !subscriptions.some((one) => one.severity === severity && !one.isPending))
    .map((severity) => nobodyTold(severity));
  if (pending.length + unheard.length > 0) return [...unheard, ...pending];
  const confirmed = subscriptions.length;
  const what = `${confirmed} confirmed subscriptions; somebody is told of severity 1 and 2.`;
  return [{ code: 'people-told', severity: 'ok', what }];
}

function nobodyTold(severity: 1 | 2): Judged {
  return {
    code: `nobody-told-${severity}`,
    severity: 'warn',
    what: `Nobody is told ${TOLD_SEVERITIES[severity]}: severity ${severity} has no confirmed subscription.`,
    where: `topic of severity ${severity}`,
    fix: `Subscribe the people on call; TOPIC is the output TopicSeverity${severity} of the engine's stack`,
    command: 'aws sns subscribe --topic-arn TOPIC --protocol email --notification-endpoint TEAM@EXAMPLE.COM',
  };
}

/** Where Amazon Q Developer in chat applications (formerly AWS Chatbot) takes messages of SNS. */
export function isChat({ endpoint, isPending }: SubscriptionReading): boolean {
  return !isPending && /^https:\/\/[^/]*chatbot\.amazonaws\.com/.test(endpoint);
}

export function judgeChats(chats: readonly ChatReading[], isSubscribed: boolean): readonly Judged[] {
  const broken = chats.filter(
    ({ status, stackStatus }) =>
      !/^(CREATE|UPDATE)_COMPLETE$/.test(status) || stackStatus.startsWith('ROLLBACK'),
  );
  if (broken.length > 0) return broken.map(notAuthorised);
  if (chats.length === 0 && !isSubscribed) {
    return [
      { code: 'chat-not-used', severity: 'ok', what: 'No chat channel is configured; none is needed.' },
    ];
  }
  if (isSubscribed)
    return [{ code: 'chat-subscribed', severity: 'ok', what: 'A chat channel is subscribed.' }];
  const what = 'A chat channel is configured, and it is subscribed to no topic of the engine.';
  const fix = 'Give the configuration the topics of severity 1 to 3, and deploy it again';
  return [{ code: 'chat-not-subscribed', severity: 'warn', what, fix }];
}

function notAuthorised({ stack, logicalId, status, stackStatus, reason }: ChatReading): Judged {
  return {
    code: 'chat-not-authorised',
    severity: 'warn',
    what: `The chat channel ${logicalId} is not there (${status}, stack ${stackStatus})${reason === '' ? '' : `: ${reason}`}`,
    where: `CloudFormation stack ${stack}`,
    fix: 'Authorise the workspace once by hand: console, Amazon Q Developer in chat applications, Configure new client; then deploy the stack again',
  };
}
