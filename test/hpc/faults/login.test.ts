import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Reach, TaskHandle } from '@stele/sdk';
import { eventually, inTime, rejectsWith, settlesWithin } from '@stele/sdk/testing';
import { skip } from '../../e2e/lib/skip.ts';
import { cutLogIns } from '../lib/log-ins.ts';
import { SiteAccess } from '../lib/site-access.ts';
import { openSite, type Site, siteMissing } from '../lib/site.ts';
import { writtenDown } from '../lib/written-down.ts';
import { call, patience, Yard } from '../lib/yard.ts';

/** Says hello and sends back what it gets, to as many as come. */
const server =
  'use IO::Socket::INET; my $l = IO::Socket::INET->new(LocalPort => $ENV{BASE_PORT}, Listen => 5, ReuseAddr => 1) or die; while (my $c = $l->accept) { next if fork; print $c "hello\\n"; while (sysread $c, my $b, 4096) { syswrite $c, $b } exit }';

describe('a login node in trouble, with a task running behind it', function () {
  this.timeout(patience * 2);
  let site: Site;
  let yard: Yard;
  let task: TaskHandle;
  let reach: Reach;

  before(async function () {
    this.timeout(600_000);
    const why = await siteMissing();
    if (why !== undefined) return skip(this, why);
    site = await openSite({ suite: 'trixie' });
    // Connections stay, as they do on a platform that is in use.
    yard = new Yard(site, new SiteAccess(site, 'bob', () => 'bob', 600_000));
    task = await yard.running(`echo up; exec perl -e '${server}'`);
    await writtenDown(site, 'bob');
    await eventually('it has a port', () => yard.driver.reach(yard.resource, task, call()).then(Boolean, () => false));
    reach = await yard.driver.reach(yard.resource, task, call());
    await eventually(
      'it listens',
      () =>
        entered().then(
          (stream) => Boolean(stream.destroy()),
          () => false,
        ),
      patience,
    );
  });
  after(async function () {
    this.timeout(120_000);
    await yard?.close();
  });

  /** What the task says next. */
  const heard = async (stream: Duplex): Promise<string> => {
    const [chunk] = (await settlesWithin(10_000, 'an answer', once(stream, 'data'))) as [Buffer];
    return String(chunk);
  };
  /** A way into the task that stays open; the platform asks for it once and dials it for each connection. */
  const entered = async (): Promise<Duplex> => {
    const stream = await reach.via.dial(reach.address, inTime(patience));
    assert.equal(await heard(stream), 'hello\n');
    return stream;
  };
  const echoes = async (stream: Duplex): Promise<boolean> => {
    stream.write('still there?');
    return (await heard(stream)) === 'still there?';
  };
  const isRunning = async (): Promise<boolean> => (await yard.see(task)).phase === 'running';
  /** Whoever is inside by a connection that is lost learns it, and what has happened. */
  const isTold = async (stream: Duplex): Promise<void> => {
    const [error] = (await once(stream, 'error')) as [Error];
    assert.match(error.message, /connection was lost/);
  };
  const isBack = async (): Promise<void> => {
    await eventually('the task is seen again', () => isRunning().catch(() => false), patience);
    const again = await entered();
    assert(await echoes(again));
    again.destroy();
  };

  it('is rebooted: who is inside is told, and the way comes back by itself', async () => {
    const stream = await entered();
    const told = isTold(stream);
    await site.crash('login');
    try {
      await settlesWithin(10_000, 'the news', told);
      const error = await rejectsWith('UNREACHABLE', yard.see(task));
      assert.match(error.message, /bob@|10\.\d+/, 'it says which host');
      await rejectsWith('UNREACHABLE', reach.via.dial(reach.address, inTime(5_000)));
    } finally {
      await site.boot('login');
    }
    await isBack();
    assert.equal(((await yard.see(task)) as { ref?: string }).ref, task.ref);
  });

  it('no longer takes the key: who is inside stays, others are told what to do, and all goes on once it does', async () => {
    const stream = await entered();
    const told = isTold(stream);
    await site.deauthorize('bob');
    try {
      assert(await echoes(stream));
      assert(await isRunning(), 'by the connection that is there');
      await cutLogIns(site, 'bob');
      await settlesWithin(10_000, 'the news', told);
      const error = await rejectsWith('DENIED', yard.see(task));
      assert.match(error.message, /authorized_keys/);
      await rejectsWith('DENIED', reach.via.dial(reach.address, inTime(5_000)));
    } finally {
      await site.authorize('bob');
    }
    await isBack();
  });

  it('shows another key: nothing is sent, whoever asks is told, and all goes on once it is right', async () => {
    const stream = await entered();
    const told = isTold(stream);
    await site.changeHostKey('login');
    try {
      assert(await echoes(stream));
      await cutLogIns(site, 'bob');
      await settlesWithin(10_000, 'the news', told);
      const error = await rejectsWith('DENIED', yard.see(task), 'accessConf.hostKeys');
      assert.match(error.message, /another host key/);
    } finally {
      await site.restoreHostKey('login');
    }
    await isBack();
  });
});
