import assert from 'node:assert/strict';
import { rejectsWith, settlesWithin } from '../expect.ts';
import type { Runner } from '../runner.ts';
import type { Scene } from './subject.ts';
import { ended, logOf, printed, start } from './watch.ts';

export function describeLogs({ describe, it }: Runner, scene: () => Scene): void {
  describe('logs', () => {
    it('are what it printed, in order, also after its end', async () => {
      const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
      const spec = scene().spec(scene().world.behaviours.print(lines, 0));
      await start(scene(), spec);
      await ended(scene(), spec.name);
      assert.equal(await logOf(scene(), spec.name), lines.map((line) => `${line}\n`).join(''));
    });

    it('are cut to their last lines', async () => {
      const spec = scene().spec(scene().world.behaviours.print(['a', 'b', 'c'], 0));
      await start(scene(), spec);
      await ended(scene(), spec.name);
      assert.equal(await logOf(scene(), spec.name, { tail: 2 }), 'b\nc\n');
      assert.equal(await logOf(scene(), spec.name, { tail: 0 }), '');
    });

    it('end at once unless they follow', async () => {
      const spec = scene().spec(scene().world.behaviours.stay());
      await start(scene(), spec);
      await printed(scene(), spec.name, 'up');
      assert.equal(await settlesWithin(scene().patience / 2, 'reading a log', logOf(scene(), spec.name)), 'up\n');
    });

    it('follow until the container ends', async () => {
      const spec = scene().spec(scene().world.behaviours.stay());
      await start(scene(), spec);
      await printed(scene(), spec.name, 'up');
      const following = logOf(scene(), spec.name, { follow: true });
      await scene().operator.stop(spec.name, 5, scene().signal());
      assert.match(await settlesWithin(scene().patience / 2, 'following a log', following), /^up\n/);
    });

    it('can be left while they follow', async () => {
      const spec = scene().spec(scene().world.behaviours.stay());
      await start(scene(), spec);
      await printed(scene(), spec.name, 'up');
      const reading = async () => {
        for await (const chunk of scene().operator.logs(spec.name, { follow: true }, scene().signal())) return chunk;
        return undefined;
      };
      assert(await settlesWithin(scene().patience / 2, 'leaving a log', reading()));
    });

    it('say when there is no such container', async () => {
      await rejectsWith('NOT_FOUND', logOf(scene(), 'stele-kit-nobody'));
    });
  });
}
