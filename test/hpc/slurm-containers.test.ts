import assert from 'node:assert/strict';
import type { TaskHandle } from '@stele/sdk';
import { describeComputingDriver, rejectsWith } from '@stele/sdk/testing';
import { skip } from '../e2e/lib/skip.ts';
import { containerWorld, greeter, containerYard, openTaskImages, type TaskImages } from './lib/container-world.ts';
import { openSite, type Site, siteMissing } from './lib/site.ts';
import { call, type Yard } from './lib/yard.ts';

/** Doubles until there is no room for more. */
const hog = 'echo up; x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done';
const deaf = 'trap "" TERM; echo up; while :; do sleep 1; done';

interface Stage {
  readonly site: Site;
  readonly images: TaskImages;
}

/** The warning before a launch is no more and no less than the truth. */
function describeNeighbours(engine: 'podman' | 'singularity', stage: () => Stage): void {
  for (const reach of ['login', 'jump'] as const) {
    it(`others on the cluster get to a task’s port when the form says so (${reach})`, async () => {
      const { site, images } = stage();
      await using stack = new AsyncDisposableStack();
      const yard = stack.adopt(containerYard(site, engine, images, { reach }), (one) => one.close());
      const { exposures } = await yard.driver.describe(yard.resource, call());
      const handle = await yard.running(greeter, { partition: 'gpu' });
      await yard.greeted(handle);
      const { address } = await yard.driver.reach(yard.resource, handle, call());
      assert('port' in address);
      const knock = `busybox nc -w 3 node1 ${address.port} </dev/null || true`;
      const answer = await site.as('alice', 'login', 'sh', '-c', knock);
      assert.equal(answer === 'hello', exposures?.[engine] !== undefined, `she hears “${answer}”`);
    });
  }
}

function describeFaults(engine: 'podman' | 'singularity', stage: () => Stage): void {
  describe('what goes wrong', () => {
    let yard: Yard;
    // A minute, which goes by while the other tests run.
    let late: TaskHandle;
    before(async () => {
      yard = containerYard(stage().site, engine, stage().images);
      late = await yard.launch(deaf, { time: 60, partition: 'long' });
    });
    after(() => yard?.close());

    it('too much memory is told apart', async () => {
      const seen = await yard.until(await yard.launch(hog), 'ended');
      assert.equal(seen['outcome'], 'out-of-memory', JSON.stringify(seen));
      assert.match(String(seen['reason']), /memory/);
    });

    it('the exit code of a program is the task’s, and its image is told by its digest', async () => {
      const seen = await yard.until(await yard.launch('exit 7'), 'ended');
      assert.deepEqual([seen['outcome'], seen['exitCode'], seen['digest']], ['failed', 7, stage().images.digest]);
      const { image, digest } = stage().images;
      const again = await yard.launch('exit 0', {}, { parts: { image: { ...image, digest } } });
      const same = await yard.until(again, 'ended');
      assert.deepEqual([same['outcome'], same['digest']], ['completed', digest], JSON.stringify(same));
    });

    it('an image that isn’t there, or whose registry isn’t, is refused by its field', async () => {
      const { image } = stage().images;
      const missing = await rejectsWith(
        'NOT_FOUND',
        yard.launch('', {}, { parts: { image: { ...image, tag: 'no' } } }),
      );
      assert.equal(missing.field, 'image');
      const nowhere = { ...image, registry: `${stage().site.platform}:1` };
      const down = await rejectsWith('UNREACHABLE', yard.launch('', {}, { parts: { image: nowhere } }));
      assert.equal(down.field, 'image');
    });

    it('an image for other machines is refused, or ends at once', async () => {
      const parts = { image: stage().images.foreign };
      if (engine === 'singularity') {
        const error = await rejectsWith('NOT_FOUND', yard.launch('', {}, { parts }));
        assert.equal(error.field, 'image');
        assert.match(error.message, /architecture/);
        return;
      }
      const handle = await yard.launch('', {}, { parts });
      assert.equal((await yard.until(handle, 'ended'))['outcome'], 'failed');
      assert.match(await yard.log(handle), /exec format error/i);
    });

    it('a container that has to be killed leaves nothing on its node', async () => {
      const handle = await yard.running(deaf, { partition: 'gpu' });
      await yard.cancel(handle);
      assert.notEqual((await yard.until(handle, 'ended'))['outcome'], 'completed');
      assert.equal(await leftOn(stage().site, 'node1', engine), '');
    });

    it('a time limit is told apart, and leaves nothing on its node', async () => {
      const seen = await yard.until(late, 'ended');
      assert.equal(seen['outcome'], 'timed-out', JSON.stringify(seen));
      assert.match(String(seen['reason']), /time limit/);
      assert.equal(await leftOn(stage().site, 'node2', engine), '');
    });
  });
}

/** Containers, sandboxes and processes of bob's tasks. */
async function leftOn(site: Site, node: string, engine: string): Promise<string> {
  const looks = ['ls -d /tmp/stele-* 2>/dev/null', 'pgrep -u bob -l "sleep|conmon|pasta|apptainer"'];
  if (engine === 'podman') looks.push('podman --log-level error ps --all --quiet');
  return site.as('bob', node, 'sh', '-c', `${looks.join('; ')}; true`);
}

const hasPodman = process.env['SITE_PODMAN'] === '1';

for (const engine of ['singularity', 'podman'] as const) {
  describe(`Slurm with containers of ${engine}`, function () {
    this.timeout(120_000);
    let site: Site;
    let images: TaskImages;

    before(async function () {
      this.timeout(600_000);
      const why = await siteMissing();
      if (why !== undefined) return skip(this, why);
      // Another tree of the bed, which takes minutes to make.
      if (engine === 'podman' && !hasPodman) return skip(this, 'nodes have Podman with SITE_PODMAN=1 only');
      site = await openSite({ suite: 'trixie' });
      images = await openTaskImages(site);
    });
    after(async () => images?.[Symbol.asyncDispose]());

    const open = async () => containerWorld(site, engine, images);
    describeComputingDriver({ describe, it, before, after }, { open, patience: 60_000 });
    describeNeighbours(engine, () => ({ site, images }));
    describeFaults(engine, () => ({ site, images }));
    if (engine === 'singularity') {
      it('a GPU that was asked for is named to the container', async () => {
        await using stack = new AsyncDisposableStack();
        const yard = stack.adopt(containerYard(site, engine, images), (one) => one.close());
        const script = 'echo "cards: ${CUDA_VISIBLE_DEVICES-none}"';
        const handles = await Promise.all([1, 0].map((gpus) => yard.launch(script, { partition: 'gpu', gpus })));
        const logs = handles.map(async (handle) => {
          await yard.until(handle, 'ended');
          return /cards: .*/.exec(await yard.log(handle))?.[0];
        });
        assert.deepEqual(await Promise.all(logs), ['cards: 0', 'cards: none']);
      });
    }
  });
}
