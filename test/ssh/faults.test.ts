import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { eventually, inTime, rejectsWith, settlesWithin, skip, testCall } from '@stele/sdk/testing';
import { activeResources } from '../../sdk/src/testing/leftovers.ts';
import { account, noSshd, Sshd } from './sshd.ts';
import { accessTo, ownFolder, targetOf } from './world.ts';

const reason = await noSshd();
const never = new AbortController().signal;
const call = () => testCall({ signal: inTime(60_000) });

describe('SSH when things go wrong', function () {
  this.timeout(120_000);
  before(function () {
    if (reason !== undefined) skip(this, reason);
  });

  it('offers the key of a host that nobody has confirmed, and sends nothing', async () => {
    await using sshd = await Sshd.start();
    const access = await accessTo(sshd);
    const error = await rejectsWith(
      'INVALID',
      access.open(await targetOf(sshd, { hostKeys: [] }), call()),
      'accessConf.hostKeys',
    );
    const [type, key] = (await sshd.text('host.pub')).split(' ');
    assert.equal(error.raw, `${type} ${key}`);
    assert.match(error.message, /SHA256:[A-Za-z0-9+/]{43}/);
    assert.doesNotMatch(await sshd.text('sshd.log'), /publickey/);
    await using host = await access.open(await targetOf(sshd, { hostKeys: [error.raw ?? ''] }), call());
    assert.equal((await host.exec(['id', '-un'], {}, never)).stdout.trim(), account);
  });

  it('stops at a host key that has changed', async () => {
    await using sshd = await Sshd.start();
    const access = await accessTo(sshd);
    const target = await targetOf(sshd);
    await (await access.open(target, call()))[Symbol.asyncDispose]();
    await sshd.down();
    await sshd.makeKey('host');
    await sshd.up();
    await writeFile(join(sshd.folder, 'sshd.log'), '');
    const error = await rejectsWith('DENIED', access.open(target, call()));
    assert.match(error.message, /another host key/);
    assert.equal(error.field, 'accessConf.hostKeys');
    assert.doesNotMatch(await sshd.text('sshd.log'), /publickey/, 'no log-in may be tried');
  });

  it('says what to do when the key isn’t accepted', async () => {
    await using sshd = await Sshd.start();
    const access = await accessTo(sshd, { key: 'stranger' });
    const error = await rejectsWith('DENIED', access.open(await targetOf(sshd), call()));
    assert.match(error.message, /authorized_keys/);
    await writeFile(join(sshd.folder, 'keys', account), await sshd.text('stranger.pub'));
    await (await access.open(await targetOf(sshd), call()))[Symbol.asyncDispose]();
  });

  it('says UNSUPPORTED for authorities whose signatures can’t be verified', async () => {
    await using sshd = await Sshd.start();
    const line = '@cert-authority ssh-dss AAAAB3NzaC1kc3MAAAAA';
    await rejectsWith(
      'UNSUPPORTED',
      (await accessTo(sshd)).open(await targetOf(sshd, { hostKeys: [line] }), call()),
      'accessConf.hostKeys',
    );
  });

  it('doesn’t wait for hosts that are silent or closed', async () => {
    await using sshd = await Sshd.start();
    const access = await accessTo(sshd, { connectTimeout: 500 });
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    await settlesWithin(
      5_000,
      'a silent host',
      rejectsWith('UNREACHABLE', access.open(await targetOf(sshd, { port }), call())),
    );
    silent.close();
    await settlesWithin(
      5_000,
      'a closed port',
      rejectsWith('UNREACHABLE', access.open(await targetOf(sshd, { port: 1 }), call())),
    );
    await settlesWithin(
      5_000,
      'no such host',
      rejectsWith('UNREACHABLE', access.open(await targetOf(sshd, { host: 'no-such-host.invalid' }), call())),
    );
  });

  it('comes back when the server was killed in the middle of a command', async () => {
    await using sshd = await Sshd.start();
    const access = await accessTo(sshd, { idleTimeout: 60_000 });
    await using host = await access.open(await targetOf(sshd), call());
    const running = rejectsWith('UNREACHABLE', host.exec(['sleep', '30'], {}, never));
    const process = await host.spawn(['cat'], {}, never);
    const reading = host.files('/').read('dev/zero', undefined, never);
    await rejectsWith('CONFLICT', reading);
    await sshd.down();
    await settlesWithin(5_000, 'the loss', running);
    await settlesWithin(5_000, 'the loss', rejectsWith('UNREACHABLE', process.exited));
    await rejectsWith('UNREACHABLE', host.exec(['true'], {}, never));
    await sshd.up();
    await eventually(
      'the connection comes back',
      () =>
        host.exec(['printf', 'back'], {}, never).then(
          ({ stdout }) => stdout === 'back',
          () => false,
        ),
      15_000,
    );
    assert.equal((await host.files('/').stat('etc', never)).kind, 'folder');
  });

  it('notices a host that has fallen silent', async () => {
    await using sshd = await Sshd.start();
    const access = await accessTo(sshd, { keepAlive: 200, connectTimeout: 500 });
    await using host = await access.open(await targetOf(sshd), call());
    const stream = await host.dial({ host: '127.0.0.1', port: sshd.port }, never);
    const cut = once(stream, 'error');
    const running = rejectsWith('UNREACHABLE', host.exec(['sleep', '30'], {}, never));
    await sshd.freeze();
    await settlesWithin(5_000, 'the loss', Promise.all([running, cut]));
    await settlesWithin(5_000, 'another try', rejectsWith('UNREACHABLE', host.exec(['true'], {}, never)));
  });

  it('shares few connections among 200 commands', async () => {
    await using sshd = await Sshd.start();
    await using host = await (await accessTo(sshd)).open(await targetOf(sshd), call());
    const numbers = Array.from({ length: 200 }, (_, index) => String(index));
    const results = await Promise.all(numbers.map((number) => host.exec(['printf', number], {}, never)));
    assert.deepEqual(
      results.map(({ stdout }) => stdout),
      numbers,
    );
    const log = await sshd.text('sshd.log');
    assert(log.match(/Accepted publickey/g)!.length <= 4, 'four connections at most');
  });

  it('respects MaxSessions, and waits for room', async () => {
    await using sshd = await Sshd.start('MaxSessions 2');
    await using host = await (await accessTo(sshd, { connections: 2 })).open(await targetOf(sshd), call());
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) => host.exec(['printf', String(index)], {}, never)),
    );
    assert.equal(results.length, 30);
    const stubborn = Array.from({ length: 4 }, () => host.spawn(['sleep', '60'], {}, never));
    const processes = await Promise.all(stubborn);
    await rejectsWith('UNREACHABLE', host.exec(['true'], {}, AbortSignal.timeout(300)));
    for (const process of processes) process.kill();
    await settlesWithin(10_000, 'killing without room', Promise.all(processes.map((process) => process.exited)));
    assert.equal((await host.exec(['printf', 'room'], {}, never)).stdout, 'room');
  });

  it('says DENIED where no session is allowed', async () => {
    await using sshd = await Sshd.start('MaxSessions 0');
    await using host = await (await accessTo(sshd, { connections: 2 })).open(await targetOf(sshd), call());
    // As long as one more connection may allow some, and beyond: nothing comes of waiting.
    for (let tries = 3; tries > 0; tries -= 1)
      await settlesWithin(15_000, 'the refusal', rejectsWith('DENIED', host.exec(['true'], {}, never)));
  });

  it('says DENIED where forwarding is forbidden', async () => {
    await using sshd = await Sshd.start('AllowTcpForwarding no');
    await using host = await (await accessTo(sshd)).open(await targetOf(sshd), call());
    await rejectsWith('DENIED', host.dial({ host: '127.0.0.1', port: sshd.port }, never));
  });

  it('says DENIED for accounts without a shell, and for forced commands', async () => {
    await using sshd = await Sshd.start('ForceCommand echo not for you');
    await using host = await (await accessTo(sshd)).open(await targetOf(sshd), call());
    assert.equal((await rejectsWith('DENIED', host.exec(['true'], {}, never))).raw, 'not for you');
  });

  it('goes through a host in between, each with its own key', async () => {
    await using way = await Sshd.start();
    await using sshd = await Sshd.start();
    await writeFile(join(sshd.folder, 'keys', account), await way.text('login.pub'));
    const access = await accessTo(way);
    const jump = { host: '127.0.0.1', port: way.port, hostKeys: [await way.text('host.pub')] };
    await using host = await access.open(await targetOf(sshd, { jump: [jump] }), call());
    assert.equal((await host.exec(['printf', 'through'], {}, never)).stdout, 'through');
    const wrong = { ...jump, hostKeys: [await sshd.text('host.pub')] };
    await rejectsWith('DENIED', access.open(await targetOf(sshd, { jump: [wrong] }), call()));
    const unknown = await rejectsWith(
      'INVALID',
      access.open(await targetOf(sshd, { jump: [{ ...jump, hostKeys: [] }] }), call()),
    );
    assert.equal(unknown.field, 'accessConf.jump.0.hostKeys');
  });

  it('believes no neighbour that nobody vouches for', async () => {
    await using sshd = await Sshd.start();
    await using host = await (await accessTo(sshd)).open(await targetOf(sshd), call());
    await rejectsWith('DENIED', host.neighbour!('node-without-key', never));
    await rejectsWith('INVALID', host.neighbour!('-oProxyCommand=x', never));
  });

  it('executes nothing that is data', async () => {
    await using sshd = await Sshd.start();
    const folder = await ownFolder('stele-canary-');
    const canary = join(folder, 'canary');
    try {
      await using host = await (await accessTo(sshd)).open(await targetOf(sshd), call());
      const touch = `touch ${canary}`;
      const hostile = [
        `'; ${touch}; '`,
        `$(${touch})`,
        `\`${touch}\``,
        `\n${touch}\n`,
        `'\\''; ${touch} #`,
        `"; ${touch}; "`,
        `\\'; ${touch} #`,
        `-e ${touch}`,
        `!${touch}`,
        `\u00e9\u6771'\n;${touch}`,
        'x'.repeat(10_000),
      ];
      for (const text of hostile) {
        assert.equal((await host.exec(['printf', '%s', text], {}, never)).stdout, text);
        await rejectsWith(['INVALID', 'NOT_FOUND'], host.exec([text], {}, never));
        await rejectsWith(['INVALID', 'NOT_FOUND', 'DENIED'], host.exec(['true'], { cwd: `/${text}` }, never));
        await rejectsWith(['UNREACHABLE', 'INVALID'], host.dial({ socket: `/${text}`.slice(0, 100) }, never));
      }
      assert(!existsSync(canary), 'nothing of it may run');
      await rejectsWith('LIMIT', host.exec(['printf', 'x'.repeat(200_000)], {}, never));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('keeps what a noisy login shell says out of commands’ outputs', async () => {
    await using sshd = await Sshd.start('SetEnv BASH_ENV=/tmp/stele-noise');
    await writeFile('/tmp/stele-noise', 'echo welcome; echo beware >&2\n');
    try {
      await using host = await (await accessTo(sshd)).open(await targetOf(sshd), call());
      assert.deepEqual(await host.exec(['printf', 'own'], {}, never), { exitCode: 0, stdout: 'own', stderr: '' });
    } finally {
      rmSync('/tmp/stele-noise');
    }
  });

  it('keeps what comes after the end of a command, as long as something comes', async () => {
    await using sshd = await Sshd.start();
    await using host = await (await accessTo(sshd)).open(await targetOf(sshd), call());
    const slowly = 'for word in one two three four; do sleep 0.6; printf "$word "; done';
    const { stdout } = await host.exec(['sh', '-c', `(${slowly}) & exit 0`], {}, never);
    assert.equal(stdout, 'one two three four ');
  });

  it('leaves nothing open', async () => {
    const before = activeResources();
    await using sshd = await Sshd.start();
    const access = await accessTo(sshd);
    const host = await access.open(await targetOf(sshd), call());
    const stream = await host.dial({ host: '127.0.0.1', port: sshd.port }, never);
    const cut = once(stream, 'error');
    await host.files('/').list('', {}, never);
    await host.spawn(['sleep', '60'], {}, never);
    await host[Symbol.asyncDispose]();
    await cut;
    await rejectsWith('UNREACHABLE', host.exec(['true'], {}, never));
    const sockets = () => activeResources()['TCPSocketWrap'] ?? 0;
    const areClosed = () => sockets() <= (before['TCPSocketWrap'] ?? 0);
    await eventually('all sockets are closed', areClosed);
    assert.match(await readFile(join(sshd.folder, 'sshd.log'), 'utf8'), /Disconnected|disconnected/);
    const silent = await access.open(await targetOf(sshd), call());
    await sshd.freeze();
    assert(!areClosed());
    await rejectsWith(
      'UNREACHABLE',
      settlesWithin(10_000, 'giving up', silent.exec(['true'], {}, AbortSignal.timeout(1))),
    );
    await silent[Symbol.asyncDispose]();
    await eventually('the socket to a host that says nothing more is closed', areClosed);
  });
});
