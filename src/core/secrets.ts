// Takes what looks like a secret out of a text before anybody keeps or tells it: error messages quote headers, addresses
// and environments, and people paste them into reasons.

const REMOVED = '[secret removed]';

/** Not what an earlier pass left, so that cleaning twice is cleaning once. */
const NOT_REMOVED = '(?!\\[secret removed\\])';

/** Secrets that are known by their own shape. The prefixes of keys and tokens are those of the services that issue them. */
const WHOLE: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}/g,
  /\b(?:FwoGZXIvYXdz|FQoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9/+=_-]*/g,
  /\bhttps:\/\/hooks\.slack\.com\/[^\s"'<>]+/gi,
  /\bxox[a-z]-[A-Za-z0-9-]{6,}/gi,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
];

/** Secrets that are known by what stands before them, which stays: the first group. */
const AFTER_A_NAME: readonly RegExp[] = [
  after(
    '\\bauthorization["\']?\\s*[:=]\\s*["\']?',
    '(?:Basic|Bearer|Digest|Negotiate|Token|AWS4-)[^"\'\\r\\n]+',
  ),
  after('\\bauthorization["\']?\\s*[:=]\\s*["\']?', '(?=\\S*\\d)[^\\s"\']{8,}'),
  // a word after «bearer» is no token unless it is too long for one, or has a digit
  after('\\bbearer\\s+', '(?:(?=\\S*\\d)[A-Za-z0-9._~+/=-]{8,}|[A-Za-z0-9._~+/=-]{20,})'),
  after('secret(?:[ _-]?access)?(?:[ _-]?key)?["\']?(?:\\s*[:=]\\s*|\\s+)["\']?', '[A-Za-z0-9/+=]{40,}'),
  after('(?<![a-z])(?:password|passwd|pwd|passphrase)["\']?\\s*[:=]\\s*["\']?', '[^\\s"\'&,;]+'),
  after(
    '(?<![a-z])(?:client_?secret|api_?key|access_?token|auth_?token|session_?token|private_?key)["\']?\\s*[:=]\\s*["\']?',
    '[^\\s"\'&,;]{8,}',
  ),
  after('\\b[a-z][a-z0-9+.-]{1,20}://[^\\s:/@]+:', '[^\\s:/@]+(?=@)'),
];

function after(name: string, secret: string): RegExp {
  return new RegExp(`(${name})${NOT_REMOVED}${secret}`, 'gi');
}

/** The same text with «[secret removed]» where a secret was. Idempotent; a text without secrets is answered as it is. */
export function withoutSecrets(text: string): string {
  let clean = text;
  for (const secret of WHOLE) clean = clean.replace(secret, REMOVED);
  for (const named of AFTER_A_NAME) clean = clean.replace(named, `$1${REMOVED}`);
  return clean;
}
