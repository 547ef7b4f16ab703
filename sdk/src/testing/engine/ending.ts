import assert from 'node:assert/strict';
import { settlesWithin } from '../expect.ts';
import type { Runner } from '../runner.ts';
import type { Scene } from './subject.ts';
import { ended, printed, running, start, stateOf } from './watch.ts';

export function describeEnding({ describe, it }: Runner, scene: () => Scene): void {
  describe('ending', () => {
    for (const code of [0, 1, 3, 125]) {
      it(`keeps the exit code ${code}`, async () => {
        const spec = scene().spec(scene().world.behaviours.print(['x'], code));
        await start(scene(), spec);
        const end = await ended(scene(), spec.name);
        assert.equal(end.exitCode, code);
        assert.equal(end.outOfMemory, false);
      });
    }

    it('comes when it is asked for', async () => {
      const spec = scene().spec(scene().world.behaviours.stay());
      await running(scene(), spec);
      await printed(scene(), spec.name, 'up');
      await scene().operator.stop(spec.name, 10, scene().signal());
      assert.equal((await stateOf(scene(), spec.name)).phase, 'ended');
    });

    it('comes after the grace time to who ignores the request', async () => {
      const spec = scene().spec(scene().world.behaviours.ignore());
      await running(scene(), spec);
      await printed(scene(), spec.name, 'up');
      await settlesWithin(10_000, 'a stop with 1 s of grace', scene().operator.stop(spec.name, 1, scene().signal()));
      const end = await ended(scene(), spec.name);
      assert.equal(end.exitCode, 137, 'killed');
      assert.equal(end.outOfMemory, false);
    });

    it('may be asked for again, and of what has ended or never was', async () => {
      const spec = scene().spec(scene().world.behaviours.stay());
      await running(scene(), spec);
      const stop = () => scene().operator.stop(spec.name, 1, scene().signal());
      await Promise.all([stop(), stop()]);
      const { exitCode } = await ended(scene(), spec.name);
      await stop();
      assert.equal((await ended(scene(), spec.name)).exitCode, exitCode);
      await scene().operator.stop('stele-kit-nobody', 1, scene().signal());
    });

    it('takes a running container away', async () => {
      const spec = scene().spec(scene().world.behaviours.ignore());
      await running(scene(), spec);
      await settlesWithin(10_000, 'removing', scene().operator.remove(spec.name, scene().signal()));
      assert.equal((await stateOf(scene(), spec.name)).phase, 'absent');
    });

    it('takes away again, and what never was', async () => {
      const spec = scene().spec(scene().world.behaviours.print([], 0));
      await start(scene(), spec);
      const remove = () => scene().operator.remove(spec.name, scene().signal());
      await Promise.all([remove(), remove()]);
      await remove();
      await scene().operator.remove('stele-kit-nobody', scene().signal());
      assert.equal((await stateOf(scene(), spec.name)).phase, 'absent');
    });

    it('frees the name', async () => {
      const spec = scene().spec(scene().world.behaviours.print([], 0));
      await start(scene(), spec);
      await scene().operator.remove(spec.name, scene().signal());
      await running(scene(), { ...spec, args: scene().world.behaviours.stay() });
    });
  });
}
