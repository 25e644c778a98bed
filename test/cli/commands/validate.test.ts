// `stepshift validate`: right files are listed, wrong ones are explained, all at once.
import { expect, test } from 'vitest';
import { runInMemory } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const GOOD = 'service: checkout\ntarget:\n  lambdaAlias: { function: checkout-api, alias: live }\n';

test('right files are listed with service and digest', async () => {
  using folder = tempFolder({ 'a.yaml': GOOD, 'b.yaml': GOOD.replace('checkout\n', 'basket\n') });
  const { code, out, err } = await runInMemory(['validate', 'a.yaml', 'b.yaml'], { cwd: folder.path });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(
    /^ok {2}a\.yaml {2}checkout {2}[0-9a-f]{12}\nok {2}b\.yaml {2}basket {2}[0-9a-f]{12}\n$/,
  );
});

test('tools get the whole digest, which does not depend on how the file is written', async () => {
  using folder = tempFolder({
    'a.yaml': GOOD,
    'b.json': JSON.stringify({
      stages: 'standard',
      target: { lambdaAlias: { alias: 'live', function: 'checkout-api', interface: 'http' } },
      service: 'checkout',
    }),
  });
  const { out } = await runInMemory(['validate', 'a.yaml', 'b.json', '--format', 'json'], {
    cwd: folder.path,
  });
  const { valid, services } = JSON.parse(out);
  expect(valid).toBe(true);
  expect(services[0]).toEqual({
    file: 'a.yaml',
    service: 'checkout',
    specDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(services[1].specDigest).toBe(services[0].specDigest);
});

test('the problems of all files are told in one go, with the names as given', async () => {
  using folder = tempFolder({
    'good.yaml': GOOD,
    'bad.yaml': `${GOOD}maxHold: 20\n`,
    'worse.yaml': `${GOOD}stages: [\n`,
    'latin.yaml': new Uint8Array([0x73, 0xe9, 0x0a]),
    'folder/x.yaml': '',
  });
  const { code, out } = await runInMemory(
    [
      'validate',
      'good.yaml',
      'bad.yaml',
      'worse.yaml',
      'gone.yaml',
      'folder',
      'latin.yaml',
      '--format',
      'json',
    ],
    { cwd: folder.path },
  );
  expect(code).toBe(2);
  const problems: { code: string; where: string }[] = JSON.parse(out).error.problems;
  expect(problems.map(({ code: slug, where }) => `${slug} ${where}`)).toEqual([
    'not-a-duration bad.yaml:4:10',
    'not-yaml worse.yaml:5:1',
    'unreadable-file gone.yaml',
    'unreadable-file folder',
    'unreadable-file latin.yaml',
  ]);
});

test('a file far too large is refused unread', async () => {
  using folder = tempFolder({ 'big.yaml': '#'.repeat(1_048_577) });
  const { code, err } = await runInMemory(['validate', 'big.yaml'], { cwd: folder.path });
  expect(code).toBe(2);
  expect(err).toContain('unreadable-file');
});

test('a byte-order mark does no harm', async () => {
  using folder = tempFolder({ 'bom.yaml': `\ufeff${GOOD}` });
  expect(await runInMemory(['validate', 'bom.yaml'], { cwd: folder.path })).toMatchObject({ code: 0 });
});
