import assert from 'node:assert/strict';
import type { ComputingDriver, TaskHandle } from '@stele/sdk';
import { hasCode, messageOf } from '@stele/sdk';
import { eventually, rejectsWith, testUser } from '@stele/sdk/testing';
import { skip } from '../e2e/lib/skip.ts';
import { openSite, siteMissing } from './lib/site.ts';
import { task } from './lib/slurm-world.ts';
import { call, patience, randomKey, sleeper, Yard } from './lib/yard.ts';

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

describe('Slurm’s ways', function () {
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
    assert.notEqual((await host.exec(['stat', canary], {}, AbortSignal.timeout(patience))).exitCode, 0);
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

  it('twenty tasks cost one question', async () => {
    const handles = await Promise.all(
      Array.from({ length: 20 }, () => yard.launch(sleeper, { partition: 'debug', time: 7_200 })),
    );
    yard.commands.length = 0;
    const seen = await yard.driver.observe(yard.resource, handles, call());
    assert.deepEqual(
      [...seen.values()].map(({ phase }) => phase),
      handles.map(() => 'queued'),
    );
    assert.deepEqual(
      yard.commands.map((argv) => argv.find((word) => /^s[a-z]+$/.test(word))),
      ['squeue'],
    );
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
    assert(milliseconds < 35_000);
  });
});
