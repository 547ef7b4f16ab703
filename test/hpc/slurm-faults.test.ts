import assert from 'node:assert/strict';
import type { ComputingDriver, JsonObject, Observation, TaskHandle } from '@stele/sdk';
import { hasCode, messageOf } from '@stele/sdk';
import { eventually, rejectsWith, testCall, testUser } from '@stele/sdk/testing';
import { SlurmDriver } from '../../plugins/computing/slurm/src/server/driver.ts';
import { engines } from './lib/shell-engine.ts';
import { SiteHost } from './lib/site-host.ts';
import { type Site, sites } from './lib/slurm-sites.ts';
import { slurmResource, task } from './lib/slurm-world.ts';
import { agentProgram } from './lib/stand-in-agent.ts';

const patience = 60_000;
const resource = slurmResource();
const sleeper = 'echo up; exec sleep 300';

/** A site in use: it knows its tasks, and counts commands. */
class Yard {
  readonly driver: ComputingDriver;
  readonly host: SiteHost;
  readonly #tasks: TaskHandle[] = [];
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
    this.host = new SiteHost(site);
    this.driver = this.driverOn(site);
  }

  /** Each call has a lease of its own: giving one back ends what was begun through it. */
  driverOn(site: Site): ComputingDriver {
    const hosts = { open: async () => new SiteHost(site, this.host.commands) };
    return new SlurmDriver({ hosts, engines, agent: agentProgram() });
  }

  /** A driver for which one of Slurm's programs does something else. */
  async withFake(program: string, script: string): Promise<ComputingDriver> {
    const folder = `${this.#site.home}/fake-${program}`;
    const signal = AbortSignal.timeout(patience);
    await this.host.exec(['mkdir', '-p', folder], {}, signal);
    await this.host.exec(['dd', `of=${folder}/${program}`], { stdin: `#!/bin/sh\n${script}\n` }, signal);
    await this.host.exec(['chmod', '755', `${folder}/${program}`], {}, signal);
    const env = { ...this.#site.env, PATH: `${folder}:/usr/bin:/bin` };
    return this.driverOn({ ...this.#site, env });
  }

  async launch(script: string, options: JsonObject = {}, key = randomKey()): Promise<TaskHandle> {
    const launch = { ...task(script, options), key };
    const ref = await this.driver.submit(resource, launch, () => undefined, call());
    const handle = { key, ref, who: testUser };
    this.#tasks.push(handle);
    return handle;
  }

  async see(handle: TaskHandle): Promise<Observation> {
    return (await this.driver.observe(resource, [handle], call())).get(handle.key) as Observation;
  }

  async until(handle: TaskHandle, phase: Observation['phase']): Promise<Record<string, unknown>> {
    let seen: Observation = { phase: 'absent' };
    const isThere = async () => (seen = await this.see(handle)).phase === phase;
    await eventually(`the task is ${phase}`, isThere, patience * 2);
    return { ...seen };
  }

  async slurm(...argv: string[]): Promise<void> {
    const { exitCode, stderr } = await this.host.exec(argv, {}, AbortSignal.timeout(patience));
    assert.equal(exitCode, 0, stderr);
  }

  async close(): Promise<void> {
    await Promise.all(this.#tasks.map((handle) => this.driver.clean(resource, handle, call())));
    for (const program of ['squeue', 'sacct', 'sbatch']) {
      await this.host.exec(['rm', '-rf', `${this.#site.home}/fake-${program}`], {}, AbortSignal.timeout(patience));
    }
  }
}

const call = () => testCall({ signal: AbortSignal.timeout(patience) });

function randomKey(): string {
  return Array.from({ length: 16 }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[Math.floor(Math.random() * 36)]).join(
    '',
  );
}

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

describe('Slurm’s ways', function () {
  this.timeout(patience * 3);
  const known = sites();
  if (known.length === 0) it('are tested where a site is up');

  for (const site of known) {
    describe(site.title, () => {
      let yard: Yard;
      before(() => {
        yard = new Yard(site);
      });
      after(() => yard.close());

      it('a job that can never start is said to be so', async () => {
        const handle = await yard.launch(sleeper, { partition: 'debug', time: 7_200 });
        const isSaid = () => isNeverToStart(yard, handle);
        await eventually('the scheduler has looked at it', isSaid, patience);
        await yard.driver.cancel(resource, handle, call());
        assert.equal((await yard.until(handle, 'ended'))['outcome'], 'cancelled');
      });

      it('what can’t be is refused by its field, and leaves nothing, or is said never to start', async () => {
        const wishes = { partition: 'nowhere', cpus: 512, memory: 2 ** 50, gpuType: 'none' } as const;
        for (const [name, value] of Object.entries(wishes)) {
          const key = randomKey();
          const options = { ...(name === 'gpuType' ? { gpus: 1 } : {}), [name]: value };
          const refusal = await refused(yard.launch(sleeper, options, key));
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
        const canary = `${site.home}/canary`;
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
        assert.notEqual((await yard.host.exec(['stat', canary], {}, AbortSignal.timeout(patience))).exitCode, 0);
      });

      it('a job is held and released', async () => {
        const blocked = await yard.launch(sleeper, { partition: 'debug', time: 7_200 });
        await yard.driver.hold?.(resource, blocked, call());
        assert.match(String((await yard.until(blocked, 'held'))['reason']), /owner/);
        await yard.driver.release?.(resource, blocked, call());
        await yard.until(blocked, 'queued');
      });

      it('more time is given where the cluster allows it, and refused in words', async () => {
        const handle = await yard.launch(sleeper, { time: 120 });
        await yard.until(handle, 'running');
        const extend = yard.driver.extend?.(resource, handle, 600, call());
        assert(extend !== undefined);
        assert.match((await rejectsWith('DENIED', extend)).message, /doesn’t let this account/);
      });

      it('a job that is cancelled from outside says so', async () => {
        const handle = await yard.launch(sleeper);
        await yard.until(handle, 'running');
        await yard.slurm('scancel', handle.ref ?? '');
        const seen = await yard.until(handle, 'ended');
        assert.equal(seen['outcome'], 'cancelled');
        assert.match(String(seen['reason']), /cancelled on the cluster/);
      });

      it('exit codes, signals and time limits are told apart', async () => {
        const [code, signal, time] = await Promise.all([
          yard.launch('exit 7'),
          yard.launch('kill -SEGV $$'),
          yard.launch('trap "" TERM; while :; do sleep 1; done', { time: 60 }),
        ]);
        const seven = await yard.until(code, 'ended');
        assert.deepEqual([seven['outcome'], seven['exitCode']], ['failed', 7]);
        const segv = await yard.until(signal, 'ended');
        assert.deepEqual([segv['outcome'], segv['exitCode']], ['failed', 139]);
        const late = await yard.until(time, 'ended');
        assert.equal(late['outcome'], 'timed-out');
      });

      it('twenty tasks cost one question', async () => {
        const handles = await Promise.all(
          Array.from({ length: 20 }, () => yard.launch(sleeper, { partition: 'debug', time: 7_200 })),
        );
        yard.host.commands.length = 0;
        const seen = await yard.driver.observe(resource, handles, call());
        assert.deepEqual(
          [...seen.values()].map(({ phase }) => phase),
          handles.map(() => 'queued'),
        );
        assert.deepEqual(
          yard.host.commands.map((argv) => argv.find((word) => /^s[a-z]+$/.test(word))),
          ['squeue'],
        );
      });

      it('a queue that can’t be read changes nothing', async () => {
        const handle = await yard.launch(sleeper);
        const faults = {
          'echo "slurm_load_jobs error: Unable to contact slurm controller (connect failure)" >&2; exit 1':
            'UNREACHABLE',
          'echo "slurm_load_jobs error: Socket timed out on send/recv operation" >&2; exit 0': 'UNREACHABLE',
          'echo "<html>gateway</html>"': 'PROTOCOL',
          'head -c 1000 /dev/urandom': 'PROTOCOL',
          'echo oh no >&2; exit 3': 'PROTOCOL',
        } as const;
        for (const [script, code] of Object.entries(faults)) {
          const driver = await yard.withFake('squeue', script);
          await rejectsWith(code, driver.observe(resource, [handle], call()));
        }
        const hanging = await yard.withFake('squeue', 'exec sleep 600');
        const from = performance.now();
        await rejectsWith('UNREACHABLE', hanging.observe(resource, [handle], call()));
        assert(performance.now() - from < 35_000);
        await yard.until(handle, 'running');
      });

      it('accounting that can’t be asked makes nothing absent', async () => {
        const driver = await yard.withFake('sacct', 'echo "sacct: error: Connection refused" >&2; exit 1');
        const nobody = { key: randomKey(), ref: '999999', who: testUser };
        assert.equal((await driver.observe(resource, [nobody], call())).get(nobody.key)?.phase, 'unknown');
      });

      it('a submission whose answer was lost is found again', async () => {
        const key = randomKey();
        const driver = await yard.withFake(
          'sbatch',
          '/usr/bin/sbatch "$@" >/dev/null; echo "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation" >&2; exit 1',
        );
        await rejectsWith(
          'UNREACHABLE',
          driver.submit(resource, { ...task(sleeper), key }, () => undefined, call()),
        );
        const handle = await yard.launch(sleeper, {}, key);
        assert.equal((await yard.until({ key, who: testUser }, 'running'))['ref'], handle.ref);
      });
    });
  }
});
