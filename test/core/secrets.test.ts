// No secret may be kept or told because a service quoted it or a person pasted it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../src/core/secrets.ts';
import { plainReason } from '../../src/core/verdict.ts';

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const base64 = `${upper}abcdefghijklmnopqrstuvwxyz/+`;
const word = `${upper}abcdefghijklmnopqrstuvwxyz`;

/** A text of letters of an alphabet; the 7 in it makes sure of a digit. */
function letters(alphabet: string, minLength: number, maxLength = minLength): fc.Arbitrary<string> {
  return fc
    .string({ unit: fc.constantFrom(...alphabet), minLength: minLength - 1, maxLength: maxLength - 1 })
    .map((text) => `7${text}`);
}

/** What must be gone, and the text around it as it is met. */
interface Planted {
  readonly secret: string;
  readonly text: string;
}

function planted(secret: fc.Arbitrary<string>, around: (secret: string) => string = (it) => it) {
  return secret.map((it): Planted => ({ secret: it, text: around(it) }));
}

/** By the kind of secret, so that a failure says which one. */
const SECRETS: Readonly<Record<string, fc.Arbitrary<Planted>>> = {
  'access key': planted(
    fc.tuple(fc.constantFrom('AKIA', 'ASIA'), letters(upper, 16)).map((parts) => parts.join('')),
  ),
  'secret access key': planted(letters(base64, 40), (it) => `SecretAccessKey=${it}`),
  'secret access key in JSON': planted(letters(base64, 40), (it) => `{"SecretAccessKey":"${it}"}`),
  'secret access key in the environment': planted(
    letters(base64, 40),
    (it) => `AWS_SECRET_ACCESS_KEY: ${it}`,
  ),
  'session token': planted(letters(base64, 60, 400).map((rest) => `FwoGZXIvYXdz${rest}`)),
  'Slack token': planted(letters(word, 12, 40).map((rest) => `xoxb-${rest}`)),
  'Slack webhook': planted(
    letters(word, 24).map((rest) => `https://hooks.slack.com/services/T0001/B0001/${rest}`),
  ),
  'bearer token': planted(letters(word, 12, 80), (it) => `Bearer ${it}`),
  'authorization header': planted(letters(word, 12, 40), (it) => `Authorization: Basic ${it}`),
  'signed header': planted(
    letters(word, 64),
    (it) => `"authorization":"AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=${it}"`,
  ),
  'private key': planted(
    letters(base64, 64, 200),
    (it) => `-----BEGIN RSA PRIVATE KEY-----\n${it}\n-----END RSA PRIVATE KEY-----`,
  ),
  password: planted(letters(word, 6, 30), (it) => `password=${it}`),
  'password in the environment': planted(letters(word, 6, 30), (it) => `DB_PASSWORD=${it}`),
  'password in JSON': planted(letters(word, 6, 30), (it) => `{"password": "${it}"}`),
  'password in an address': planted(letters(word, 6, 30), (it) => `postgres://shop:${it}@db.internal/shop`),
  'API key': planted(letters(word, 16, 40), (it) => `api_key=${it}`),
  'web token': planted(letters(word, 20, 40).map((rest) => `eyJhbGciOiJI.${rest}.${rest}`)),
};

/** Text in which no word can pass for the name of a secret, nor for a part of one. */
const PROSE = fc.constantFrom('', ' ', 'UpdateAlias failed: ', 'see ', ', ', '. ', '\n');

const NORMAL = [
  'Aborted by ana: wrong build',
  'Traffic of checkout-api:live could not be confirmed safe yet: UpdateAlias checkout-api:live: TooManyRequestsException: Rate exceeded. It is tried again.',
  'PermissionError: UpdateAlias: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/stepshift-checkout/roll-back is not authorized to perform: lambda:UpdateAlias',
  'AuthorizationError: not allowed to publish to arn:aws:sns:eu-west-2:123456789012:sev1',
  '31 of 2,140 requests failed (1.4 %), at most 1 % are allowed; stable: 3 of 40,660',
  'The alarm Checkout5xx fired: Threshold Crossed: 1 datapoint [5.0 (21/11/26 14:00:00)] was greater than the threshold (1.0).',
  'waivers: { http-stream-reports: "it is internal, behind the bearer of news" }',
  'rollout checkout-42-1, spec 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'The rotation of secrets and of every password was rehearsed; tokens expire after an hour.',
  'https://eu-west-2.console.aws.amazon.com/lambda/home?region=eu-west-2#/functions/checkout-api',
  'arn:aws:elasticloadbalancing:eu-west-2:123456789012:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee',
];

describe('withoutSecrets', () => {
  it.each(Object.entries(SECRETS))('never leaves a planted secret: %s', (_kind, secret) => {
    fc.assert(
      fc.property(PROSE, secret, PROSE, (before, { secret: it, text }, after) => {
        const clean = withoutSecrets(`${before}${text}${after}`);
        expect(clean).not.toContain(it);
        expect(clean).toContain('[secret removed]');
        expect(withoutSecrets(clean)).toBe(clean);
      }),
    );
  });

  it('removes every one of several', () => {
    const all = fc.tuple(...Object.values(SECRETS));
    fc.assert(
      fc.property(all, (secrets) => {
        const clean = withoutSecrets(secrets.map(({ text }) => text).join('\n'));
        for (const { secret } of secrets) expect(clean).not.toContain(secret);
      }),
    );
  });

  it.each(NORMAL)('leaves a normal sentence as it is: %s', (sentence) => {
    expect(withoutSecrets(sentence)).toBe(sentence);
  });

  it('says what was there', () => {
    expect(withoutSecrets('login with password=hunter2 failed')).toBe(
      'login with password=[secret removed] failed',
    );
  });

  it.each(['secret', 'secret ', 'bearer ', 'a://b:', 'xox', 'eyJ', '-----BEGIN '])(
    'gets to the end of a long text that only begins like secrets: %s',
    (part) => {
      const text = part.repeat(20_000);
      expect(withoutSecrets(text) === text).toBe(true);
    },
  );

  it('cleans every reason that is told', () => {
    expect(plainReason('Aborted by ana: token xoxb-1234567890-abc').sentence).toBe(
      'Aborted by ana: token [secret removed]',
    );
  });
});
