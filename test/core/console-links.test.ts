// Addresses of the console: one shape a page, the right host of each partition, nothing for what is no execution.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmLink, executionLink, trailLink } from '../../src/core/console-links.ts';

const AT_MS = Date.UTC(2026, 10, 21, 14, 9, 41);
const arn = (partition: string, region: string) =>
  `arn:${partition}:states:${region}:123456789012:execution:stepshift:checkout-42-8f2e`;
const ARN = arn('aws', 'eu-west-2');

describe('links to the console', () => {
  it.each([
    ['aws', 'eu-west-2', 'https://eu-west-2.console.aws.amazon.com/'],
    ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
    ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
  ])('go to the console of %s', (partition, region, host) => {
    const own = arn(partition, region);
    expect(executionLink(own)).toBe(`${host}states/home?region=${region}#/v2/executions/details/${own}`);
    expect(alarmLink(own, 'A')).toBe(`${host}cloudwatch/home?region=${region}#alarmsV2:alarm/A`);
    expect(alarmLink(region, 'A')).toBe(alarmLink(own, 'A'));
    expect(trailLink(own, null, AT_MS)).toMatch(`${host}cloudtrailv2/home?region=${region}#/events?`);
  });

  it('ask the trail for one kind of event, or for everything that changed something, around the instant', () => {
    const times = 'StartTime=2026-11-21T14%3A08%3A41.000Z&EndTime=2026-11-21T14%3A14%3A41.000Z';
    expect(trailLink(ARN, 'UpdateAlias20150331', AT_MS)).toContain(
      `#/events?EventName=UpdateAlias20150331&${times}`,
    );
    expect(trailLink(ARN, null, AT_MS)).toContain(`#/events?ReadOnly=false&${times}`);
  });

  it.each([
    '',
    'no arn',
    'arn:aws-iso:states:us-iso-east-1:123456789012:execution:m:n',
    'arn:aws:states:eu-west-2:123456789012:stateMachine:m',
    'arn:aws:states:eu-west-2:1234:execution:m:n',
    'arn:aws:states:evil.example/:123456789012:execution:m:n',
    'arn:aws:states:-:123456789012:execution:m:n',
    'arn:aws:states:eu-west-2:123456789012:execution:m:n\nx',
    'arn:aws:states:eu-west-2:123456789012:execution:m:\ud800',
  ])('are not made of %j', (executionArn) => {
    expect(executionLink(executionArn)).toBeNull();
    expect(alarmLink(executionArn, 'A')).toBeNull();
    expect(trailLink(executionArn, null, AT_MS)).toBeNull();
  });

  it('are not made for an alarm without a name or an impossible instant', () => {
    expect(alarmLink(ARN, '')).toBeNull();
    expect(alarmLink(ARN, '\udfff')).toBeNull();
    for (const atMs of [Number.NaN, 8.64e15, -8.64e15]) expect(trailLink(ARN, null, atMs)).toBeNull();
    expect(trailLink(ARN, '\ud800', AT_MS)).toBeNull();
  });

  it('carry any name without letting it out of its place', () => {
    const names = fc
      .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
      .filter((name) => name.isWellFormed());
    fc.assert(
      fc.property(names, (name) => {
        for (const link of [alarmLink(ARN, name), trailLink(ARN, name, AT_MS)]) {
          expect(link).toMatch(/^https:\/\/eu-west-2\.console\.aws\.amazon\.com\/[A-Za-z0-9/?=#:.&%_~-]+$/);
        }
        const fragment = new URL(alarmLink(ARN, name) ?? '').hash;
        expect(decodeURIComponent(fragment.slice('#alarmsV2:alarm/'.length))).toBe(name);
      }),
    );
  });
});
