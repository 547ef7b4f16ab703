import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { mock } from 'node:test';
import type { Address, Host, Process } from '@stele/sdk';
import { eventually, inTime, rejectsWith } from '@stele/sdk/testing';
import { skip } from '../e2e/lib/skip.ts';
import { SiteAccess } from './lib/site-access.ts';
import { openSite, type Site, siteMissing } from './lib/site.ts';
import { slurmDriver } from './lib/slurm-world.ts';
import { call, patience, Yard } from './lib/yard.ts';

const knownHosts = '/etc/ssh/ssh_known_hosts';
const never = new AbortController().signal;

/** Perl that greets whoever connects to a socket that `how` opens. */
const greeterAt = (how: string) =>
  `use IO::Socket::INET; use IO::Socket::UNIX; umask 0177; my $l = ${how} or die $!; $| = 1; print "up\\n"; while (my $c = $l->accept) { print $c "hello\\n"; close $c }`;
const onLoopback = (port: string) =>
  `IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => ${port}, Listen => 5)`;

describe('a compute node behind the login node', function () {
  this.timeout(patience * 2);
  let site: Site;
  let access: SiteAccess;
  let login: Host;

  before(async function () {
    this.timeout(600_000);
    const why = await siteMissing();
    if (why !== undefined) return skip(this, why);
    site = await openSite({ suite: 'trixie' });
  });
  beforeEach(async () => {
    access = new SiteAccess(site, 'bob', () => 'bob', 0);
    login = await access.open();
  });
  afterEach(async () => {
    await login?.[Symbol.asyncDispose]();
    access?.[Symbol.dispose]();
  });

  const nodeOf = (host: Host, name = 'node1'): Promise<Host> => {
    assert(host.neighbour);
    return host.neighbour(name, inTime(patience));
  };
  /** Starts something on a host that says `up` once it listens. */
  const listening = async (host: Host, how: string): Promise<Process> => {
    const process = await host.spawn(['perl', '-e', greeterAt(how)], {}, never);
    const [first] = (await process.stdout.take(1).toArray()) as Buffer[];
    assert.equal(String(first), 'up\n');
    return process;
  };
  const greeting = async (host: Host, address: Address): Promise<string> =>
    text(await host.dial(address, inTime(patience)));
  const commandsOnLogin = async (): Promise<number> => {
    const log = await site.on('login', 'cat', '/var/log/sshd.log');
    return log.match(/Starting session: command for bob/g)?.length ?? 0;
  };

  it('is entered as the same user, and outlives the lease that led there', async () => {
    await using node = await nodeOf(login);
    assert.deepEqual([node.name, node.user], ['bob@node1', 'bob']);
    await login[Symbol.asyncDispose]();
    const { stdout } = await node.exec(['sh', '-c', 'echo "$(id -un) on $(hostname)"'], {}, never);
    assert.equal(stdout, 'bob on node1\n');
    assert.equal((await node.files('/home/bob').stat('.ssh', never)).kind, 'folder');
  });

  it('is reached by its address as well, and by name from another node', async () => {
    const address = (await site.on('login', 'getent', 'hosts', 'node2')).split(/\s+/)[0] ?? '';
    await using byAddress = await nodeOf(login, address);
    await using further = await nodeOf(byAddress, 'node1');
    assert.equal((await further.exec(['hostname'], {}, never)).stdout, 'node1\n');
  });

  it('has ports on its loopback that nobody else gets to', async () => {
    await using node = await nodeOf(login);
    await listening(node, onLoopback('24601'));
    assert.equal(await greeting(node, { host: '127.0.0.1', port: 24_601 }), 'hello\n');
    await rejectsWith('UNREACHABLE', greeting(login, { host: 'node1', port: 24_601 }));
    await rejectsWith('UNREACHABLE', greeting(login, { host: '127.0.0.1', port: 24_601 }));
  });

  it('has sockets for their owner alone', async () => {
    await using node = await nodeOf(login);
    const path = '/tmp/stele-neighbour.sock';
    await node.exec(['rm', '-f', path], {}, never);
    await listening(node, `IO::Socket::UNIX->new(Local => "${path}", Listen => 5)`);
    assert.match((await node.exec(['stat', '-c', '%a %U', path], {}, never)).stdout, /^600 bob$/m);
    assert.equal(await greeting(node, { socket: path }), 'hello\n');
    using others = new SiteAccess(site, 'stele', () => 'stele', 0);
    await using theirs = await others.open();
    await using there = await nodeOf(theirs);
    await rejectsWith('UNREACHABLE', greeting(there, { socket: path }));
    await node.exec(['rm', '-f', path], {}, never);
  });

  it('costs a command a minute, not one for each time that somebody goes there', async () => {
    const before = await commandsOnLogin();
    const visits = async () => {
      for (let time = 0; time < 5; time += 1) await (await nodeOf(login))[Symbol.asyncDispose]();
      return (await commandsOnLogin()) - before;
    };
    assert.equal(await visits(), 1);
    const later = performance.now() + 61_000;
    const clock = mock.method(performance, 'now', () => later);
    try {
      assert.equal(await visits(), 2);
    } finally {
      clock.mock.restore();
    }
  });

  it('is believed as soon as the login node vouches for it', async () => {
    const lines = await site.on('login', 'cat', knownHosts);
    const write = (kept: string) => site.on('login', 'sh', '-c', 'printf "%s\\n" "$1" >"$0"', knownHosts, kept);
    const withoutNode = lines.replaceAll(/^node1.*$/gm, '');
    await write(withoutNode);
    let clock: ReturnType<typeof mock.method> | undefined;
    try {
      const error = await rejectsWith('DENIED', nodeOf(login), 'accessConf.nodeHostKeys');
      assert.match(error.message, /ssh_known_hosts/);
      await write(lines);
      const later = performance.now() + 6_000;
      clock = mock.method(performance, 'now', () => later);
      await (await nodeOf(login))[Symbol.asyncDispose]();
    } finally {
      clock?.mock.restore();
      await write(lines);
    }
  });

  it('is believed by the certificate of an authority that the login node vouches for, whatever its key, unless that is revoked', async () => {
    const lines = await site.on('login', 'cat', knownHosts);
    const write = (kept: string) => site.on('login', 'sh', '-c', 'printf "%s\\n" "$1" >"$0"', knownHosts, kept);
    const authority = `@cert-authority node* ${await site.on('login', 'cat', '/site/ca.pub')}`;
    /** By a connection of its own: what others have read of the file doesn't count. */
    const visit = async (): Promise<void> => {
      using own = new SiteAccess(site, 'bob', () => 'bob', 0);
      await using there = await own.open();
      await using node = await nodeOf(there);
      assert.equal((await node.exec(['hostname'], {}, never)).stdout, 'node1\n');
    };
    try {
      await write(authority);
      await visit();
      const changed = await site.changeHostKey('node1');
      await visit();
      await write(`${authority}\n@revoked node1 ${changed.trim()}`);
      assert.match((await rejectsWith('DENIED', visit(), 'accessConf.nodeHostKeys')).message, /is revoked/);
    } finally {
      await site.restoreHostKey('node1');
      await write(lines);
    }
  });

  it('is kept out when it shows another key, until it shows the right one', async () => {
    await site.changeHostKey('node1');
    try {
      const error = await rejectsWith('DENIED', nodeOf(login), 'accessConf.nodeHostKeys');
      assert.match(error.message, /node1 shows another host key/);
    } finally {
      await site.restoreHostKey('node1');
    }
    await (await nodeOf(login))[Symbol.asyncDispose]();
  });

  it('is vouched for by no heap of megabytes', async () => {
    const file = join(site.home('bob'), '.ssh/known_hosts');
    await writeFile(file, '# nothing\n'.repeat(500_000));
    try {
      assert.match((await rejectsWith('LIMIT', nodeOf(login))).message, /known_hosts.*4 MiB/);
    } finally {
      await rm(file);
    }
    await (await nodeOf(login))[Symbol.asyncDispose]();
  });

  it('leads to a task that listens on its loopback alone', async () => {
    const yard = new Yard(site);
    try {
      const task = await yard.running(`exec perl -e '${greeterAt(onLoopback('$ENV{BASE_PORT}'))}'`);
      const greetingBy = async (reach: string): Promise<string> => {
        const driver = slurmDriver(yard.access);
        const resource = { ...yard.resource, conf: { ...yard.resource.conf, reach } };
        const { address, via } = await driver.reach(resource, task, call());
        return text(await via.dial(address, inTime(patience)));
      };
      const greets = async () =>
        greetingBy('jump').then(
          (words) => words === 'hello\n',
          () => false,
        );
      await eventually('it greets', greets, patience);
      await rejectsWith('UNREACHABLE', greetingBy('login'));
    } finally {
      await yard.close();
    }
  });
});
