import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Address, hasCode, type Observation, type TaskHandle } from '@stele/sdk';
import { describeComputingDriver, inTime, rejectsWith } from '@stele/sdk/testing';
import { callText } from '../../core/server/src/callbacks/testing.ts';
import { skip } from '../e2e/lib/skip.ts';
import { CallingWorld, patience } from './lib/calling-world.ts';
import { openSite, siteMissing, type Suite } from './lib/site.ts';
import { behaviours, greeter, task } from './lib/slurm-world.ts';

const suites: readonly Suite[] = ['bookworm', 'trixie'];

for (const suite of suites) {
  describe(`tasks that call the platform, on a cluster of ${suite} that nobody logs in to`, function () {
    this.timeout(patience * 2);
    let world: CallingWorld;

    before(async function () {
      this.timeout(600_000);
      const why = await siteMissing();
      if (why !== undefined) return skip(this, why);
      world = await CallingWorld.open(await openSite({ suite }));
    });
    after(() => world?.[Symbol.asyncDispose]());
    afterEach(() => world?.enterToken());

    const told = async ({ key }: TaskHandle) =>
      (await world.platform.service.read(world.resource().id, [key])).get(key);

    it('run, are reached, told of and ended with what they said, by calls alone', async () => {
      const handle = await world.submit(task(`echo up; perl -e '${listen}'; echo over; exit 7`));
      await world.until(handle, 'running');
      await world.greeted(handle);
      assert.deepEqual(codeIn(await world.until(handle, 'ended')), ['failed', 7]);
      assert.match(await world.log(handle), /^up\nover\n$/);
      await world.driver.clean(world.resource(), handle, world.call());
      assert.equal(await told(handle), undefined);
      assert.equal((await world.see(handle)).phase, 'absent');
      assert.equal(await leftOnNodes(world), '');
    });

    // All else is the same with both, and the kit below has the newer one.
    if (suite !== 'bookworm') return;

    it('are stopped by their agent, within their grace', async () => {
      const handle = await world.submit(task(greeter));
      await world.until(handle, 'running');
      await world.driver.cancel(world.resource(), handle, world.call());
      await world.until(handle, 'ended');
      await world.driver.clean(world.resource(), handle, world.call());
      assert.equal(await leftOnNodes(world), '');
    });

    it('go on while the platform is away, and tell their end when it is back', async () => {
      const handle = await world.submit(task('echo up; sleep 6; echo done; exit 5'));
      await world.until(handle, 'running');
      await world.whileAway(() => sleep(8_000));
      assert.deepEqual(codeIn(await world.until(handle, 'ended')), ['failed', 5]);
      assert.match(await world.log(handle), /done/);
      await world.driver.clean(world.resource(), handle, world.call());
    });

    it('end by the scheduler’s word where no call comes through', async () => {
      const handle = await world.submit(task('echo up; exec sleep 300'));
      await world.until(handle, 'running');
      const seen = await world.whileAway(async () => {
        await world.site.on('login', 'scancel', String(handle.ref));
        return await world.until(handle, 'ended');
      });
      assert.equal('outcome' in seen ? seen.outcome : '', 'cancelled');
      await world.driver.clean(world.resource(), handle, world.call());
    });

    it('lose nothing when their user’s token ends, and say so in words', async () => {
      const handle = await world.submit(task('echo up; exec sleep 300'));
      await world.until(handle, 'running');
      const soon = await world.see(handle);
      assert.match('reason' in soon ? (soon.reason ?? '') : '', /token for this cluster ends at/);
      await world.enterToken(-5);
      const seen = await world.see(handle);
      assert.equal(seen.phase, 'unknown');
      assert.match('reason' in seen ? (seen.reason ?? '') : '', /ended at .*Account → Credentials/);
      const failure = await rejectsWith('DENIED', world.submit(task('exit 0')));
      assert.match(failure.message, /ended at/);
      await world.enterToken(100_000);
      const again = await world.see(handle);
      assert.deepEqual([again.phase, 'reason' in again ? again.reason : undefined], ['running', undefined]);
      await world.driver.cancel(world.resource(), handle, world.call());
      await world.until(handle, 'ended');
      await world.driver.clean(world.resource(), handle, world.call());
    });

    it('are reached in the networks that the resource declares, and nowhere else', async () => {
      const handle = await world.submit(task(greeter));
      await world.until(handle, 'running');
      await world.greeted(handle);
      const elsewhere = world.resource({ networks: ['10.20.0.0/16'] });
      await rejectsWith('DENIED', world.driver.reach(elsewhere, handle, world.call()));
      const { address } = await world.driver.reach(world.resource(), handle, world.call());
      const nowhere = await world.driver.reach(
        world.resource({ networks: ['10.20.0.0/16', nodeOf(address)] }),
        handle,
        world.call(),
      );
      assert.deepEqual(nowhere.address, address);
      await rejectsWith('DENIED', nowhere.via.dial({ host: world.site.login, port: 22 }, inTime(10_000)));
      await world.driver.cancel(world.resource(), handle, world.call());
      await world.until(handle, 'ended');
      await world.driver.clean(world.resource(), handle, world.call());
    });

    it('tell what their own calls say, whatever others call', async () => {
      const handle = await world.submit(task('echo up; exec sleep 300'));
      await world.until(handle, 'running');
      const script = await scriptOf(world, 'bob', handle);
      const [, url = ''] = /^url=(.*)$/m.exec(script) ?? [];
      const [, ticket = ''] = /^ticket=(.*)$/m.exec(script) ?? [];
      assert.match(ticket, /^[\w-]{43}$/);
      // Its exit code is 0, also when it shows nothing.
      const shown = await scriptOf(world, 'alice', handle);
      assert.ok(!shown.includes(ticket), shown);
      const own = 'ab'.repeat(32);
      const before = await told(handle);
      // Who has read the script since, who guesses, and who is told nothing of the task.
      assert.match(await callFrom(world, 'bob', url, callText({ ticket, secret: own, step: 0 })), /^HTTP\/1.1 403 /);
      const ended = 'version=1\nphase=ended\nexit=0\n\n';
      assert.match(await callFrom(world, 'alice', url, callText({ secret: own, step: 3 }, ended)), /^HTTP\/1.1 403 /);
      const nowhere = `${url.slice(0, -36)}${randomUUID()}`;
      assert.match(await callFrom(world, 'alice', nowhere, callText({ secret: own, step: 3 })), /^HTTP\/1.1 404 /);
      // From outside of the networks, with what would be right.
      assert.equal(
        (await fetch(url, { method: 'POST', body: callText({ ticket, secret: own, step: 0 }) })).status,
        403,
      );
      const after = await told(handle);
      assert.ok((after?.step ?? 0) - (before?.step ?? 0) <= 2);
      assert.match(after?.text ?? '', /^phase=running$/m);
      assert.equal((await world.see(handle)).phase, 'running');
      assert.ok(!(await seenOnNodes(world)).includes(ticket));
      await world.driver.cancel(world.resource(), handle, world.call());
      await world.until(handle, 'ended');
      await world.driver.clean(world.resource(), handle, world.call());
      assert.match(await callFrom(world, 'bob', url, callText({ ticket, secret: own, step: 0 })), /^HTTP\/1.1 404 /);
    });

    it('say why they never began', async () => {
      const refused = await world.submit(task('exit 0'), world.resource({ callers: ['192.0.2.0/24'] }));
      const seen = await world.until(refused, 'ended');
      assert.match('reason' in seen ? (seen.reason ?? '') : '', /refused the first call/);
      await world.driver.clean(world.resource(), refused, world.call());
    });

    it('are signed for by the platform where it has the key, as one account', async () => {
      const restKey = (await world.site.jwtKey()).toString('base64');
      const signing = world.resource({ restKey }, 'platform-token');
      world.credentials = { user: 'bob' };
      const { facts } = await world.driver.describe(signing, world.call());
      assert.ok(facts.some(({ label }) => label === 'Tasks call'));
      assert.ok(!facts.some(({ label }) => label === 'Token ends'));
      // Nobody's own credentials are a name alone.
      const failure = world.driver.describe(world.resource({ restKey }), world.call());
      assert.ok(hasCode(await failure.catch((error: unknown) => error), 'INVALID'));
    });
  });
}

// Once: what differs between the two is held by the kit over SSH.
describe('Slurm without a login node, on the site of trixie', function () {
  this.timeout(patience * 2);

  before(async function () {
    this.timeout(600_000);
    const why = await siteMissing();
    if (why !== undefined) return skip(this, why);
    await openSite({ suite: 'trixie' });
  });

  const open = async () => {
    const world = await CallingWorld.open(await openSite({ suite: 'trixie' }));
    await world.enterToken(100_000);
    const close = () => world[Symbol.asyncDispose]();
    return { driver: world.driver, resource: world.resource(), behaviours, close };
  };
  describeComputingDriver({ describe, it, before, after }, { open, patience });
});

const listen = `use IO::Socket::INET; my $l = IO::Socket::INET->new(LocalPort => $ENV{BASE_PORT}, Listen => 5, ReuseAddr => 1) or die; $SIG{ALRM} = sub { exit }; alarm 8; while (my $c = $l->accept) { print $c "hello\\n"; close $c }`;

function scriptOf({ site }: CallingWorld, user: string, { ref = '' }: TaskHandle): Promise<string> {
  return site.as(user, 'login', 'scontrol', 'write', 'batch_script', ref, '-');
}

/** First line of what the platform answers to somebody on the cluster. */
async function callFrom({ site }: CallingWorld, user: string, url: string, body: string): Promise<string> {
  const { hostname, port, host, pathname } = new URL(url);
  const head = `POST ${pathname} HTTP/1.0\r\nHost: ${host}\r\nContent-Length: ${body.length}\r\n\r\n`;
  const script = 'exec 3<>"/dev/tcp/$0/$1"; printf %s "$2" >&3; head -n 1 <&3';
  return site.as(user, 'node1', 'bash', '-c', script, hostname, port, head + body);
}

/** What everybody sees of everybody's processes on the nodes, and root of their environments. */
async function seenOnNodes({ site }: CallingWorld): Promise<string> {
  const script = 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n"; true';
  return (await Promise.all(site.nodes.map((node) => site.on(node, 'sh', '-c', script)))).join('');
}

function nodeOf(address: Address): string {
  assert('host' in address);
  return `${address.host}/32`;
}

function codeIn(seen: Observation): readonly unknown[] {
  return seen.phase === 'ended' ? [seen.outcome, seen.exitCode] : [seen.phase];
}

/** Folders and processes of the account's. */
async function leftOnNodes({ site }: CallingWorld): Promise<string> {
  const script = 'pgrep -a -u bob; find /tmp /var/tmp -user bob';
  const parts = await Promise.all(site.nodes.map((node) => site.on(node, 'sh', '-c', `${script}; true`)));
  return parts.join('');
}
