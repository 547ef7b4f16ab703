import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@stele/sdk';
import { inTime, rejectsWith, testCall } from '@stele/sdk/testing';
import { Authority } from './authority.ts';
import { Impostor } from './impostor.ts';
import { account, noSshd, Sshd } from './sshd.ts';
import { accessTo, targetOf } from './world.ts';

const reason = await noSshd();
const call = () => testCall({ signal: inTime(30_000) });
const always = ['-V', 'always:forever'] as const;
const host = '127.0.0.1';

describe('SSH with certificates of hosts', function () {
  this.timeout(60_000);
  if (reason !== undefined) {
    it.skip(reason, () => undefined);
    return;
  }
  let authority: Authority;
  let sshd: Sshd;
  before(async () => {
    authority = await Authority.make();
    sshd = await Sshd.start();
  });
  after(async () => {
    await sshd[Symbol.asyncDispose]();
    await authority[Symbol.asyncDispose]();
  });

  const pinOf = async (one: Authority): Promise<string> => `@cert-authority ${(await one.publicKey()).trim()}`;
  const pinned = async (server: Sshd, conf: JsonObject = {}) =>
    targetOf(server, { hostKeys: [await pinOf(authority)], ...conf });
  const isIn = async (server: Sshd, conf: JsonObject = {}): Promise<void> => {
    await using opened = await (await accessTo(server)).open(await pinned(server, conf), call());
    assert.equal((await opened.exec(['id', '-un'], {}, call().signal)).stdout.trim(), account);
  };
  /** That it is refused, and nothing sent: no log-in is tried. */
  const isRefused = async (words: RegExp, server = sshd, conf: JsonObject = {}): Promise<void> => {
    await writeFile(join(server.folder, 'sshd.log'), '');
    const opening = (await accessTo(server)).open(await pinned(server, conf), call());
    const { message } = await rejectsWith('DENIED', opening, 'accessConf.hostKeys');
    assert.match(message, words);
    assert.doesNotMatch(await server.text('sshd.log'), /publickey/);
  };

  it('believes a host whose certificate a pinned authority has signed, and nothing else is pinned', async () => {
    await sshd.certify(await authority.sign(sshd, 'host', '-h', '-n', `else,${host}`, ...always));
    await isIn(sshd);
  });

  it('believes authorities with ECDSA and RSA keys', async () => {
    for (const type of [
      ['ecdsa', '-b', '256'],
      ['ecdsa', '-b', '384'],
      ['ecdsa', '-b', '521'],
      ['rsa', '-b', '2048'],
    ]) {
      await using other = await Authority.make(...type);
      await sshd.certify(await other.sign(sshd, 'host', '-h', '-n', host, ...always));
      await isIn(sshd, { hostKeys: [await pinOf(authority), await pinOf(other)] });
      await isRefused(/is signed by an authority that is not pinned \(SHA256:/);
    }
  });

  it('believes hosts with ECDSA keys', async () => {
    for (const size of ['256', '384', '521']) {
      await using other = await Sshd.start();
      await other.makeKey('host', 'ecdsa', '-b', size);
      await other.certify(await authority.sign(other, 'host', '-h', '-n', host, ...always));
      await isIn(other);
    }
  });

  it('believes hosts with RSA keys, by either of the algorithms that they sign with', async () => {
    for (const algorithm of ['rsa-sha2-512', 'rsa-sha2-256']) {
      await using other = await Sshd.start(`HostKeyAlgorithms ${algorithm}-cert-v01@openssh.com,${algorithm}`);
      await other.makeKey('host', 'rsa', '-b', '2048');
      await other.certify(await authority.sign(other, 'host', '-h', '-n', host, ...always));
      await isIn(other);
      await other.certify(await authority.sign(other, 'host', '-h', '-n', 'else', ...always));
      await isRefused(/is for “else”, and not for “127.0.0.1”/, other);
      await other.certify(undefined);
      await isRefused(/without a certificate/, other);
      await isIn(other, { hostKeys: [await pinOf(authority), await other.text('host.pub')] });
    }
  });

  for (const type of ['ed25519', 'rsa']) {
    it(`goes on when keys are exchanged anew in the middle, with a key of ${type}`, async () => {
      await using other = await Sshd.start('RekeyLimit 64K');
      await other.makeKey('host', type);
      await other.certify(await authority.sign(other, 'host', '-h', '-n', host, ...always));
      await using opened = await (await accessTo(other)).open(await pinned(other), call());
      const { stdout } = await opened.exec(['head', '-c', '1000000', '/dev/zero'], {}, call().signal);
      assert.equal(stdout.length, 1_000_000);
    });
  }

  it('believes hosts on the way, by either kind of pin', async () => {
    await using way = await Sshd.start();
    await way.certify(await authority.sign(way, 'host', '-h', '-n', host, ...always));
    await sshd.certify(await authority.sign(sshd, 'host', '-h', '-n', host, ...always));
    await copyFile(join(sshd.folder, 'login.pub'), join(way.folder, 'keys', account));
    for (const hostKeys of [[await pinOf(authority)], [await way.text('host.pub')]])
      await isIn(sshd, { jump: [{ host, port: way.port, hostKeys }] });
  });

  for (const [what, words, choices] of [
    ['is for another host', /is for “else”, “localhost”, and not for “127.0.0.1”/, ['-h', '-n', 'else,localhost']],
    ['is for a pattern', /is for “\*”, “127.0.0.\*”, and not/, ['-h', '-n', '*,127.0.0.*']],
    ['is for nobody', /names no host/, ['-h']],
    ['has expired', /expired on 2020-/, ['-h', '-n', host, '-V', '20200101:20200201']],
    ['is not valid yet', /is valid from 20\d\d-.* on/, ['-h', '-n', host, '-V', '20990101:20990201']],
    ['is one for users', /is not one for hosts/, ['-n', host]],
    ['has conditions', /conditions that are not known here \(x@y\)/, ['-h', '-n', host, '-O', 'critical:x@y=1']],
  ] as const) {
    it(`refuses a certificate that ${what}`, async () => {
      await sshd.certify(await authority.sign(sshd, 'host', ...choices));
      await isRefused(words);
    });
  }

  it('refuses one by an authority that is not pinned', async () => {
    await using stranger = await Authority.make();
    await sshd.certify(await stranger.sign(sshd, 'host', '-h', '-n', host, ...always));
    await isRefused(/is signed by an authority that is not pinned/);
  });

  it('refuses a host that has none, also with the authority’s own key', async () => {
    await sshd.certify(undefined);
    await isRefused(/host key \(SHA256:.*\) without a certificate/);
    await isRefused(/without a certificate/, sshd, { hostKeys: [`@cert-authority ${await sshd.text('host.pub')}`] });
  });

  it('needs no certificate where the key itself is pinned', async () => {
    const hostKeys = [await pinOf(authority), await sshd.text('host.pub')];
    await sshd.certify(undefined);
    await isIn(sshd, { hostKeys });
    await sshd.certify(await authority.sign(sshd, 'host', '-h', '-n', 'else', '-V', '20200101:20200201'));
    await isIn(sshd, { hostKeys });
    await isIn(sshd, { hostKeys: [await sshd.text('host.pub')] });
  });

  it('refuses whoever shows a good certificate and has not its key', async () => {
    const certificate = await authority.sign(sshd, 'host', '-h', '-n', host, ...always);
    const attempt = async (key: string) => {
      await using impostor = await Impostor.start(certificate, await sshd.text(key));
      const target = await pinned(sshd, { port: impostor.port });
      const { message } = await rejectsWith('DENIED', (await accessTo(sshd)).open(target, call()));
      return { message, hasSeenLogIn: impostor.hasSeenLogIn };
    };
    const real = await attempt('host');
    assert.equal(real.hasSeenLogIn, true, 'with its key it is believed, and a log-in tried');
    const without = await attempt('stranger');
    assert.equal(without.hasSeenLogIn, false);
    assert.match(without.message, /can’t prove to have/);
  });
});
