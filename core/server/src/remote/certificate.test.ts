import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkedCertificate } from './certificate.ts';
import { newOpenSshKey } from './openssh-key.ts';

const run = promisify(execFile);
const now = Date.parse('2026-06-01T00:00:00Z');

describe('a certificate', () => {
  let folder: string;
  const key = newOpenSshKey('mine');

  /** What an authority makes of a public key. */
  async function signed(publicKey: string, ...choices: string[]): Promise<string> {
    const path = join(folder, 'key.pub');
    await writeFile(path, `${publicKey} mine\n`);
    await run('ssh-keygen', ['-q', '-s', join(folder, 'ca'), '-I', 'ada at the site', ...choices, path]);
    return readFile(join(folder, 'key-cert.pub'), 'utf8');
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stele-certificate-'));
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'ca')]);
  });
  after(() => rm(folder, { recursive: true }));

  const invalid = { code: 'INVALID', field: 'certificate' };

  it('is taken for its key, as one line', async () => {
    const text = await signed(key.publicKey, '-n', 'ada,grace', '-V', '20260101:20270101');
    const line = checkedCertificate(text, key.publicKey, now);
    assert.equal(line, text.split(' ').slice(0, 2).join(' '));
  });

  it('is taken when it never expires', async () => {
    assert(checkedCertificate(await signed(key.publicKey), key.publicKey, now));
  });

  it('is refused for another key', async () => {
    const text = await signed(newOpenSshKey('other').publicKey);
    assert.throws(() => checkedCertificate(text, key.publicKey, now), { ...invalid, message: /another key/ });
  });

  it('is refused when it is for hosts', async () => {
    const text = await signed(key.publicKey, '-h');
    assert.throws(() => checkedCertificate(text, key.publicKey, now), { ...invalid, message: /for hosts/ });
  });

  it('is refused when it has expired', async () => {
    const text = await signed(key.publicKey, '-V', '20260101:20260201');
    assert.throws(() => checkedCertificate(text, key.publicKey, now), { ...invalid, message: /expired/ });
  });

  it('is refused when it is none', async () => {
    const [type = '', body = ''] = (await signed(key.publicKey)).split(' ');
    const bytes = Buffer.from(body, 'base64');
    const cut = Array.from({ length: 20 }, (_, at) => `${type} ${bytes.subarray(0, at * 8).toString('base64')}`);
    for (const text of ['', 'x', key.publicKey, key.privateKey, type, `${type} ü`, `ssh-rsa ${body}`, ...cut]) {
      assert.throws(() => checkedCertificate(text, key.publicKey, now), invalid, text);
    }
  });
});
