import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ComputingDriver, TaskHandle } from '@stele/sdk';
import { hasCode, messageOf } from '@stele/sdk';
import { eventually, inTime, rejectsWith, testUser, timeFactor } from '@stele/sdk/testing';
import { skip } from '../../e2e/lib/skip.ts';
import { signToken } from '../../../plugins/computing/slurm/src/server/rest/tokens.ts';
import { SiteAccess } from '../lib/site-access.ts';
import { openSite, type Site, siteMissing } from '../lib/site.ts';
import { task, transportConf } from '../lib/slurm-world.ts';
import { writtenDown } from '../lib/written-down.ts';
import { call, patience, randomKey, sleeper, Yard } from '../lib/yard.ts';

async function refused(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}

async function isNeverToStart(yard: Yard, handle: TaskHandle): Promise<boolean> {
  const seen = await yard.see(handle);
  return seen.phase === 'queued' && /can never start/.test(seen.reason ?? '');
}

interface Waited {
  readonly error: unknown;
  readonly milliseconds: number;
}

async function waited(driver: ComputingDriver, yard: Yard): Promise<Waited> {
  const from = performance.now();
  const error = await refused(driver.observe(yard.resource, [{ key: randomKey(), who: testUser }], call()));
  return { error, milliseconds: performance.now() - from };
}

/** Never starts: `debug` gives an hour at most. */
const endless = { partition: 'debug', time: 7_200 };

/** What holds however the scheduler is asked. */
function describeWays(yardOf: () => Yard): void {
  let yard: Yard;
  before(() => (yard = yardOf()));

  it('a job that can never start is said to be so', async () => {
    const handle = await yard.launch(sleeper, endless);
    const isSaid = () => isNeverToStart(yard, handle);
    await eventually('the scheduler has looked at it', isSaid, patience);
    await yard.driver.cancel(yard.resource, handle, call());
    assert.equal((await yard.until(handle, 'ended'))['outcome'], 'cancelled');
  });

  it('what can’t be is refused by its field, and leaves nothing, or is said never to start', async () => {
    const wishes = { partition: 'nowhere', cpus: 512, memory: 2 ** 50, gpuType: 'none' } as const;
    for (const [name, value] of Object.entries(wishes)) {
      const key = randomKey();
      const options = { ...(name === 'gpuType' ? { gpus: 1 } : {}), [name]: value };
      const refusal = await refused(yard.launch(sleeper, options, { key }));
      if (refusal !== undefined) {
        assert(hasCode(refusal, 'INVALID'), messageOf(refusal));
        assert.match(refusal.field ?? '', /^options/);
        assert.equal((await yard.see({ key, who: testUser })).phase, 'absent');
      } else {
        // Which of them are taken all the same depends on the version.
        await eventually('it is said', () => isNeverToStart(yard, { key, who: testUser }), patience);
      }
    }
  });

  it('nothing in an option is ever executed', async () => {
    const canary = `${yard.home}/canary`;
    const texts = [
      `$(touch ${canary})`,
      `\`touch ${canary}\``,
      `'; touch ${canary}; '`,
      `a\ntouch ${canary}`,
      '--wrap=id',
      'x\0',
      'y'.repeat(10_000),
    ];
    for (const name of ['partition', 'account', 'qos', 'constraint', 'gpuType']) {
      for (const text of texts) {
        const error = await rejectsWith('INVALID', yard.launch(sleeper, { [name]: text }));
        assert.equal(error.field, `options.${name}`);
      }
    }
    await using host = await yard.access.open();
    assert.notEqual((await host.exec(['stat', canary], {}, inTime(patience))).exitCode, 0);
  });

  it('a job is held and released', async () => {
    const blocked = await yard.launch(sleeper, endless);
    await yard.driver.hold?.(yard.resource, blocked, call());
    assert.match(String((await yard.until(blocked, 'held'))['reason']), /owner/);
    await yard.driver.release?.(yard.resource, blocked, call());
    await yard.until(blocked, 'queued');
  });

  it('more time is given where the cluster allows it, and refused in words', async () => {
    const handle = await yard.launch(sleeper, { time: 120 });
    await yard.until(handle, 'running');
    const extend = yard.driver.extend?.(yard.resource, handle, 600, call());
    assert(extend !== undefined);
    assert.match((await rejectsWith('DENIED', extend)).message, /doesn’t let this account/);
  });

  it('a job that is cancelled from outside says so', async () => {
    const handle = await yard.launch(sleeper);
    await yard.until(handle, 'running');
    await yard.site.as('bob', 'login', 'scancel', handle.ref ?? '');
    const seen = await yard.until(handle, 'ended');
    assert.equal(seen['outcome'], 'cancelled');
    assert.match(String(seen['reason']), /cancelled on the cluster/);
  });

  it('exit codes and signals are told apart', async () => {
    const [code, signal] = await Promise.all([yard.launch('exit 7'), yard.launch('kill -SEGV $$')]);
    const seven = await yard.until(code, 'ended');
    assert.deepEqual([seven['outcome'], seven['exitCode']], ['failed', 7]);
    const segv = await yard.until(signal, 'ended');
    assert.deepEqual([segv['outcome'], segv['exitCode']], ['failed', 139]);
  });
}

/** Tasks that cost as much as they may. */
async function twenty(yard: Yard): Promise<void> {
  const options = { partition: 'debug', time: 7_200 };
  const handles = await Promise.all(Array.from({ length: 20 }, () => yard.launch(sleeper, options)));
  yard.commands.length = 0;
  yard.dialled.length = 0;
  const seen = await yard.driver.observe(yard.resource, handles, call());
  assert.deepEqual(
    [...seen.values()].map(({ phase }) => phase),
    handles.map(() => 'queued'),
  );
}

function slurmsOwn(commands: readonly (readonly string[])[]): readonly (string | undefined)[] {
  return commands
    .map((argv) => argv.find((word) => /^s(?:acct|acctmgr|batch|cancel|control|info|queue)$/.test(word)))
    .filter((word) => word !== undefined);
}

describe('Slurm’s ways, asked by commands', function () {
  this.timeout(patience * 3);
  let yard: Yard;
  // Half a minute, which goes by while the other tests run.
  let hanging: Promise<Waited>;

  before(async function () {
    this.timeout(600_000);
    const why = await siteMissing();
    if (why !== undefined) return skip(this, why);
    yard = new Yard(await openSite({ suite: 'bookworm' }));
    hanging = waited(await yard.withFake('squeue', 'exec sleep 600'), yard);
  });
  after(() => yard?.close());
  describeWays(() => yard);

  it('twenty tasks cost one question', async () => {
    await twenty(yard);
    assert.deepEqual(slurmsOwn(yard.commands), ['squeue']);
  });

  it('a queue that can’t be read changes nothing', async () => {
    const handle = await yard.launch(sleeper);
    const faults = {
      'echo "slurm_load_jobs error: Unable to contact slurm controller (connect failure)" >&2; exit 1': 'UNREACHABLE',
      'echo "slurm_load_jobs error: Socket timed out on send/recv operation" >&2; exit 0': 'UNREACHABLE',
      'echo "<html>gateway</html>"': 'PROTOCOL',
      'head -c 1000 /dev/urandom': 'PROTOCOL',
      'echo oh no >&2; exit 3': 'PROTOCOL',
    } as const;
    for (const [script, code] of Object.entries(faults)) {
      const driver = await yard.withFake('squeue', script);
      await rejectsWith(code, driver.observe(yard.resource, [handle], call()));
    }
    await yard.until(handle, 'running');
  });

  it('accounting that can’t be asked makes nothing absent', async () => {
    const driver = await yard.withFake('sacct', 'echo "sacct: error: Connection refused" >&2; exit 1');
    const nobody = { key: randomKey(), ref: '999999', who: testUser };
    assert.equal((await driver.observe(yard.resource, [nobody], call())).get(nobody.key)?.phase, 'unknown');
  });

  it('a submission whose answer was lost is found again', async () => {
    const key = randomKey();
    const driver = await yard.withFake(
      'sbatch',
      '/usr/bin/sbatch "$@" >/dev/null; echo "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation" >&2; exit 1',
    );
    await rejectsWith(
      'UNREACHABLE',
      driver.submit(yard.resource, { ...task(sleeper), key }, () => undefined, call()),
    );
    const handle = await yard.launch(sleeper, {}, { key });
    assert.equal((await yard.until({ key, who: testUser }, 'running'))['ref'], handle.ref);
  });

  it('a queue that hangs is given up', async () => {
    const { error, milliseconds } = await hanging;
    assert(hasCode(error, 'UNREACHABLE'), messageOf(error));
    assert(milliseconds < 35_000 * timeFactor);
  });
});

for (const suite of ['bookworm', 'trixie'] as const) {
  describe(`Slurm’s ways on the site of ${suite}, asked by its REST API`, function () {
    this.timeout(patience * 3);
    let site: Site;
    let yard: Yard;

    before(async function () {
      this.timeout(600_000);
      const why = await siteMissing();
      if (why !== undefined) return skip(this, why);
      site = await openSite({ suite });
      yard = new Yard(site, new SiteAccess(site), await transportConf(site, 'rest'));
    });
    after(async () => {
      await site?.thawRest();
      await site?.startRest();
      await yard?.close();
    });
    describeWays(() => yard);

    it('twenty tasks cost one question, and none of Slurm’s commands is ever run', async () => {
      await twenty(yard);
      assert.deepEqual(yard.commands, []);
      assert.deepEqual(yard.dialled, [{ host: '127.0.0.1', port: 6820 }]);
      assert.deepEqual(slurmsOwn(yard.allCommands), []);
    });

    it('a slurmrestd that is stopped changes nothing, and is found again', async () => {
      const handle = await yard.running();
      await site.stopRest();
      const error = await rejectsWith('UNREACHABLE', yard.see(handle));
      assert.match(error.message, /REST API at http:\/\/127\.0\.0\.1:6820.*doesn’t answer/);
      const lost = randomKey();
      await rejectsWith('UNREACHABLE', yard.launch(sleeper, {}, { key: lost }));
      await site.startRest();
      assert.equal((await yard.see(handle)).phase, 'running');
      await yard.launch('exit 0', {}, { key: lost });
      assert.equal((await yard.until({ key: lost, who: testUser }, 'ended'))['outcome'], 'completed');
    });

    it('one that hangs is given up, and nothing it was asked is lost', async () => {
      const handle = await yard.running();
      await site.freezeRest();
      const { error, milliseconds } = await waited(yard.driver, yard);
      assert(hasCode(error, 'UNREACHABLE') && /doesn’t come back/.test(messageOf(error)), messageOf(error));
      assert(milliseconds < 35_000 * timeFactor);
      await site.thawRest();
      assert.equal((await yard.see(handle)).phase, 'running');
    });

    it('a controller that is away is told from a token that isn’t believed', async () => {
      const handle = await yard.running();
      await writtenDown(site, 'bob');
      await site.stopController();
      try {
        const error = await rejectsWith('UNREACHABLE', yard.see(handle));
        assert.match(error.message, /controller doesn’t answer/);
      } finally {
        await site.startController();
      }
      assert.equal((await yard.until(handle, 'running'))['ref'], handle.ref);
      const restKey = randomBytes(32).toString('base64');
      const stranger = { ...yard.resource, conf: { ...yard.resource.conf, restKey } };
      const refusals = [
        () => yard.driver.observe(stranger, [handle], call()),
        () => yard.driver.describe(stranger, call()),
        () => yard.driver.submit(stranger, { ...task('exit 0'), key: randomKey() }, () => undefined, call()),
        () => yard.driver.hold(stranger, handle, call()),
      ];
      for (const refuse of refusals) {
        const { message } = await rejectsWith('DENIED', refuse());
        assert.match(message, /doesn’t take the token/);
      }
    });

    it('a token that ends while a task runs is said to have ended, and another one goes on with the task', async () => {
      const key = await site.jwtKey();
      const now = () => Math.floor(Date.now() / 1000);
      const withToken = (user: string, life: number) => {
        const { restKey: _, ...conf } = yard.resource.conf;
        return { ...yard.resource, conf: { ...conf, restToken: signToken(key, user, now(), life) } };
      };
      const short = withToken('bob', 6);
      const task1 = { ...task(sleeper), key: randomKey() };
      const ref = await yard.driver.submit(short, task1, () => undefined, call());
      const handle = { key: task1.key, ref, who: testUser };
      const facts = (await yard.driver.describe(withToken('bob', 500), call())).facts;
      assert(facts.some(({ label }) => label === 'Token ends'));
      await sleep(7_000);
      const error = await rejectsWith('DENIED', yard.driver.observe(short, [handle], call()));
      assert.match(error.message, /ended at/);
      // One of the Slurm user's serves all accounts.
      const seen = await yard.driver.observe(withToken('slurm', 60), [handle], call());
      assert.equal(seen.get(handle.key)?.phase, 'running');
      await rejectsWith('DENIED', yard.driver.observe(withToken('alice', 60), [handle], call()));
      await yard.driver.clean(yard.resource, handle, call());
    });

    it('a job of another account that bears a task’s name is left alone', async () => {
      const handle = await yard.running();
      const wrap = ['sbatch', '--parsable', '--output=/dev/null', '--wrap=sleep 60', `--job-name=stele-${handle.key}`];
      const other = await site.as('alice', 'login', ...wrap, '--mem=64', '--partition=shared');
      await yard.cancel(handle);
      await yard.until(handle, 'ended');
      assert.match(await site.on('login', 'squeue', '--noheader', '--job', other, '--format=%T'), /PENDING|RUNNING/);
      await site.on('login', 'scancel', other);
    });

    it('no token is ever in a process list, a log of ours, or the description', async () => {
      const said = JSON.stringify([
        await yard.driver.describe(yard.resource, call()),
        await yard.driver.preview(yard.resource, { ...task('exit 0'), key: randomKey() }, call()),
        yard.allCommands,
      ]);
      assert(!said.includes('eyJ') && !said.includes(yard.resource.conf['restKey'] as string));
    });
  });
}
