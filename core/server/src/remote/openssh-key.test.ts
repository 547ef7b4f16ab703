import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';
import { fingerprintOf, newOpenSshKey } from './openssh-key.ts';

const run = promisify(execFile);

describe('a new SSH key', () => {
  // A comment of every length within a block: the padding differs.
  const comments = Array.from({ length: 9 }, (_, at) => `stele:${'a'.repeat(at)}@stele.example.org`);

  for (const comment of comments) {
    it(`is read by ssh2, with a comment of ${comment.length} characters`, () => {
      const { publicKey, privateKey } = newOpenSshKey(comment);
      const read = ssh2.utils.parseKey(privateKey);
      assert(!(read instanceof Error), 'it reads the private half');
      assert.deepEqual([read.type, read.comment, read.isPrivateKey()], ['ssh-ed25519', comment, true]);
      assert.equal(`ssh-ed25519 ${read.getPublicSSH().toString('base64')}`, publicKey);
      const open = ssh2.utils.parseKey(publicKey);
      assert(!(open instanceof Error), 'it reads the public half');
      assert.equal(open.verify('words', read.sign('words') as Buffer), true);
      assert.equal(open.verify('other words', read.sign('words') as Buffer), false);
    });
  }

  it('is read by OpenSSH, which shows the same fingerprint', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stele-key-'));
    try {
      for (const comment of comments) {
        const { publicKey, privateKey } = newOpenSshKey(comment);
        await writeFile(join(folder, comment), privateKey, { mode: 0o600 });
        const { stdout: open } = await run('ssh-keygen', ['-y', '-P', '', '-f', join(folder, comment)]);
        assert.equal(open.trim(), `${publicKey} ${comment}`);
        const { stdout: shown } = await run('ssh-keygen', ['-l', '-f', join(folder, comment)]);
        assert.equal(shown.trim(), `256 ${fingerprintOf(publicKey)} ${comment} (ED25519)`);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is another each time', () => {
    const [one, two] = [newOpenSshKey('x'), newOpenSshKey('x')];
    assert.notEqual(one.publicKey, two.publicKey);
    assert.notEqual(one.privateKey, two.privateKey);
  });
});
