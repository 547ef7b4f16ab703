import assert from 'node:assert/strict';
import type { Runner } from '../runner.ts';
import { kitLabel, random, type Scene } from './subject.ts';
import { ended, running, start, stateOf } from './watch.ts';

export function describeObserving({ describe, it }: Runner, scene: () => Scene): void {
  describe('what it says', () => {
    it('knows its version, its runtimes and the architecture', async () => {
      const { operator, signal, world } = parts(scene());
      const status = await operator.status(signal);
      assert.match(status.version, /^\d+\.\d+/);
      const { runtimes } = world.engine.capabilities;
      assert.equal(status.runtimes.length > 0, runtimes.length > 0, 'runtimes that can be selected are there');
      assert.match(status.architecture, /^[a-z0-9/]+$/);
    });

    it('knows which images are there', async () => {
      const { operator, signal, world } = parts(scene());
      assert.equal(await operator.hasImage(world.image, signal), true);
      assert.equal(await operator.hasImage({ ...world.image, tag: 'no-such-tag' }, signal), false);
      if (!operator.lookUp) return;
      const found = await operator.lookUp(world.image, signal);
      assert.equal(found?.digest, await operator.digest?.(world.image, signal));
      assert.equal(await operator.hasImage(found?.image ?? world.image, signal), true);
      assert.equal(await operator.lookUp({ ...world.image, tag: 'no-such-tag' }, signal), undefined);
    });

    it('answers for each name, and says absent only of what isn’t there', async () => {
      const { operator, signal, world } = parts(scene());
      const lives = scene().spec(world.behaviours.stay());
      const ends = scene().spec(world.behaviours.print(['x'], 0));
      await start(scene(), lives);
      await start(scene(), ends);
      await ended(scene(), ends.name);
      const names = ['stele-kit-nobody', lives.name, `stele-kit-${random()}`, ends.name];
      const states = await operator.observe(names, signal);
      const phases = names.map((name) => states.get(name)?.phase);
      assert.deepEqual(phases, ['absent', 'running', 'absent', 'ended']);
      assert.equal(states.size, names.length);
    });

    it('answers to no question with nothing', async () => {
      const { operator, signal } = parts(scene());
      assert.equal((await operator.observe([], signal)).size, 0);
    });

    it('tells when a container began and ended', async () => {
      const from = Date.now() - 2_000;
      const spec = scene().spec(scene().world.behaviours.stay());
      const { startedAt } = await running(scene(), spec);
      assert.match(startedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
      assert(Date.parse(startedAt) >= from && Date.parse(startedAt) <= Date.now() + 2_000, startedAt);
      await scene().operator.stop(spec.name, 5, scene().signal());
      const end = await ended(scene(), spec.name);
      assert.equal(end.startedAt, startedAt);
      assert(Date.parse(end.endedAt ?? '') >= Date.parse(startedAt), end.endedAt);
    });

    it('finds containers by label, running or not, and no others', async () => {
      const { operator, signal, world } = parts(scene());
      const value = random();
      const labels = { [kitLabel]: scene().mark, 'stele.kit-find': value };
      const lives = scene().spec(world.behaviours.stay(), { labels });
      const ends = scene().spec(world.behaviours.print([], 0), { labels });
      await start(scene(), lives);
      await start(scene(), ends);
      await ended(scene(), ends.name);
      const names = await operator.find('stele.kit-find', value, signal);
      assert.deepEqual([...names].sort(), [lives.name, ends.name].sort());
      assert.deepEqual(await operator.find('stele.kit-find', value.slice(0, -1), signal), []);
      assert.equal((await stateOf(scene(), lives.name)).phase, 'running');
    });
  });
}

function parts(scene: Scene): Pick<Scene, 'operator' | 'world'> & { readonly signal: AbortSignal } {
  return { operator: scene.operator, world: scene.world, signal: scene.signal() };
}
