import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasCode } from '@stele/sdk';
import type { Hop } from '../route.ts';
import { parseCertificate, parseCertificateLine } from './certificate.ts';
import { whyNotBelieved } from './host-certificate.ts';
import { judge } from './judge.ts';
import { hostKeyAlgorithms, isPinned, parsePins } from './pins.ts';
import { parsePublicKey } from './public-key.ts';

const run = promisify(execFile);
const now = Date.UTC(2026, 0, 15);
const types = {
  ed25519: [],
  'ecdsa-256': ['-b', '256'],
  'ecdsa-384': ['-b', '384'],
  'ecdsa-521': ['-b', '521'],
  rsa: ['-b', '2048'],
};

describe('what a host shows', function () {
  this.timeout(20_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stele-judge-'));
    for (const [name, size] of Object.entries({ ...types, host: [], other: [] })) {
      const type = /^(ecdsa|rsa)/.exec(name)?.[1] ?? 'ed25519';
      await run('ssh-keygen', ['-q', '-t', type, ...size, '-N', '', '-C', '', '-f', join(folder, name)]);
    }
  });
  after(() => rm(folder, { recursive: true }));

  const key = async (name: string): Promise<string> => (await readFile(join(folder, `${name}.pub`), 'utf8')).trim();
  const blobOf = (line: string): Buffer => Buffer.from(line.split(' ')[1] ?? '', 'base64');
  /** The host's key, signed. */
  const signed = async (by: string, ...choices: string[]): Promise<Buffer> => {
    const kind = ['-h', '-n', 'login.example.org', '-V', 'always:forever'];
    const how = ['-q', '-s', join(folder, by), '-I', 'x', ...kind, ...choices, join(folder, 'host.pub')];
    await run('ssh-keygen', how);
    return blobOf(await readFile(join(folder, 'host-cert.pub'), 'utf8'));
  };
  const hop = async (...pins: string[]): Promise<Hop> => ({
    ...{ host: 'Login.Example.org', port: 22, user: 'ada', field: 'accessConf.hostKeys' },
    pins: parsePins(pins, 'accessConf.hostKeys'),
  });
  const authority = async (name: string): Promise<string> => `@cert-authority ${await key(name)}`;

  for (const name of Object.keys(types)) {
    it(`is believed by what an authority with a key of type ${name} has signed, and by nothing near it`, async () => {
      const bytes = await signed(name);
      const claimed = await hop(await authority(name));
      const { refusal, certificate } = judge(claimed, bytes, now);
      assert.equal(refusal, undefined);
      assert.deepEqual(certificate?.key, blobOf(await key('host')));
      for (let at = 0; at < bytes.length; at += 1) {
        const mutated = Buffer.from(bytes);
        mutated[at] = (mutated[at] ?? 0) ^ (1 << (at % 8));
        assert(hasCode(judge(claimed, mutated, now).refusal, 'DENIED', 'INVALID'), `byte ${at}`);
        assert(hasCode(judge(claimed, bytes.subarray(0, at), now).refusal, 'DENIED'), `${at} bytes`);
      }
    });
  }

  it('is not believed when any part of it is signed by another authority, or by nobody', async () => {
    const claimed = await hop(await authority('ed25519'));
    const [own, strange] = [parseCertificate(await signed('ed25519')), parseCertificate(await signed('other'))];
    assert(own && strange);
    assert.equal(whyNotBelieved(own, claimed, now), undefined);
    const { signature, signed: data } = strange;
    for (const forged of [
      { ...own, signature },
      { ...own, signed: data },
      { ...own, signature, signed: data },
    ])
      assert.match(whyNotBelieved(forged, claimed, now) ?? '', /not signed by the authority/);
    for (const broken of [Buffer.alloc(0), Buffer.alloc(200), own.signature.subarray(1)])
      assert.match(whyNotBelieved({ ...own, signature: broken }, claimed, now) ?? '', /not signed by the authority/);
  });

  it('is not believed when it, or who signed it, is revoked', async () => {
    const certificate = parseCertificate(await signed('ed25519'));
    const claimed = await hop(await authority('ed25519'));
    assert(certificate);
    for (const name of ['host', 'ed25519']) {
      const revoked = [parsePublicKey(await key(name))].filter((one) => one !== undefined);
      assert.equal(whyNotBelieved(certificate, { ...claimed, revoked }, now), 'is revoked');
    }
  });

  it('is not believed by an authority that is itself the host', async () => {
    const claimed = await hop(await authority('host'));
    assert(hasCode(judge(claimed, blobOf(await key('host')), now).refusal, 'DENIED'));
    assert.equal(isPinned(claimed.pins, blobOf(await key('host'))), false);
  });

  it('is not believed by the key of an authority that is pinned as a host', async () => {
    const claimed = await hop(await key('ed25519'));
    assert.match(judge(claimed, await signed('ed25519'), now).refusal?.message ?? '', /not pinned/);
  });

  it('is believed by a certificate that counts for nothing when its key is pinned', async () => {
    const claimed = await hop(await key('host'), await authority('other'));
    const { refusal, certificate } = judge(claimed, await signed('ed25519', '-V', '20200101:20200201'), now);
    assert.equal(refusal, undefined);
    assert.deepEqual(certificate?.key, blobOf(await key('host')));
  });

  it('has the form of the line that an authority is pinned by', async () => {
    const line = await key('other');
    assert.deepEqual(
      parsePins([line, ` @cert-authority   ${line} a comment`], 'x').map(({ isAuthority }) => isAuthority === true),
      [false, true],
    );
    const certificate = `ssh-ed25519-cert-v01@openssh.com ${(await signed('ed25519')).toString('base64')}`;
    assert(parseCertificateLine(certificate));
    for (const [code, bad] of [
      ['INVALID', '@cert-authority'],
      ['INVALID', `@cert-authority* ${line}`],
      ['INVALID', `@cert-authority *.example.org ${line}`],
      ['INVALID', `@revoked ${line}`],
      ['UNSUPPORTED', `@cert-authority ${certificate}`],
    ] as const)
      assert.throws(
        () => parsePins([bad], 'x'),
        (error) => hasCode(error, code),
        bad,
      );
  });

  it('is asked for by the types of hosts’ keys, not of authorities’', async () => {
    const pins = parsePins([await authority('rsa'), await key('ecdsa-256')], 'x');
    assert.deepEqual(hostKeyAlgorithms(pins).slice(0, 2), ['ecdsa-sha2-nistp256', 'ssh-ed25519']);
  });
});
