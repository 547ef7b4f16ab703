import assert from 'node:assert/strict';
import { vouchedKeys } from './known-hosts.ts';

const blob = (name: string) => {
  const type = Buffer.from('ssh-ed25519');
  const head = Buffer.alloc(4);
  head.writeUInt32BE(type.length);
  return Buffer.concat([head, type, Buffer.from(name)]).toString('base64');
};
const [one, two, bad] = ['one', 'two', 'bad'].map(blob);
// Made by: ssh-keygen -H, for the name “node1”.
const salt = Buffer.alloc(20, 7);
const { createHmac } = await import('node:crypto');
const hashed = `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update('node1').digest('base64')}`;

const text = `# a comment
node1,10.0.0.1 ssh-ed25519 ${one} somebody@somewhere
${hashed} ssh-ed25519 ${two}
*.cluster,!bad.cluster ssh-ed25519 ${one}
[node1]:2222 ssh-ed25519 ${two}
@revoked node1 ssh-ed25519 ${bad}
@cert-authority *.signed ssh-ed25519 ${two}
@cert-authority *.signed ssh-dss AAAAB3NzaC1kc3MAAAAA
node3 ssh-rsa ${one}
node3 ssh-ed25519 not-base64!
broken
`;

describe('keys that known_hosts vouches for', () => {
  for (const [host, port, keys] of [
    ['node1', 22, [one, two]],
    ['NODE1', 22, [one, two]],
    ['10.0.0.1', 22, [one]],
    ['node1', 2222, [two]],
    ['a.cluster', 22, [one]],
    ['bad.cluster', 22, []],
    ['node10', 22, []],
    ['a.signed', 22, [two]],
    ['node3', 22, []],
    ['*', 22, []],
  ] as const) {
    it(`${host}:${port}`, () => {
      assert.deepEqual(
        vouchedKeys(text, host, port).keys.map((key) => key.blob.toString('base64')),
        keys,
      );
    });
  }

  it('tells an authority from a host', () => {
    const isAuthority = (host: string) => vouchedKeys(text, host, 22).keys.map((key) => key.isAuthority === true);
    assert.deepEqual(isAuthority('a.signed'), [true]);
    assert.deepEqual(isAuthority('a.cluster'), [false]);
  });

  it('tells what is revoked', () => {
    assert.deepEqual(
      vouchedKeys(text, 'node1', 22).revoked.map((key) => key.blob.toString('base64')),
      [bad],
    );
  });

  it('is not held up by patterns that are made to', () => {
    // By a regular expression this would not end at all.
    const wild = `${'*a'.repeat(30)}*b ssh-ed25519 ${one}\n*a?a* ssh-ed25519 ${two}`;
    const { keys } = vouchedKeys(wild, 'a'.repeat(250), 22);
    assert.deepEqual(
      keys.map((key) => key.blob.toString('base64')),
      [two],
    );
  });
});
