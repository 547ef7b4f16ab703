import assert from 'node:assert/strict';
import { hasCode, messageOf } from '../../errors.ts';
import { rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { inTime } from '../time.ts';
import type { Scene } from './subject.ts';
import { ended, logOf, running, start, stateOf } from './watch.ts';

export function describeStarting({ describe, it }: Runner, scene: () => Scene): void {
  describe('starting', () => {
    it('leaves a container alone that runs already', async () => {
      const spec = scene().spec(scene().world.behaviours.stay());
      const { startedAt } = await running(scene(), spec);
      assert.equal((await running(scene(), spec)).startedAt, startedAt);
    });

    it('does not run a container again that has ended', async () => {
      const spec = scene().spec(scene().world.behaviours.print(['once'], 3));
      await start(scene(), spec);
      await ended(scene(), spec.name);
      await start(scene(), spec);
      assert.equal((await ended(scene(), spec.name)).exitCode, 3);
      assert.equal(await logOf(scene(), spec.name), 'once\n');
    });

    it('starts one container for callers who ask at once', async () => {
      const spec = scene().spec(scene().world.behaviours.print(['once'], 0));
      await Promise.all([start(scene(), spec), start(scene(), spec), start(scene(), spec)]);
      await ended(scene(), spec.name);
      await start(scene(), spec);
      assert.equal(await logOf(scene(), spec.name), 'once\n');
    });

    it('names the image when it isn’t there, and leaves nothing', async () => {
      const { world } = scene();
      const spec = scene().spec([], { image: { ...world.image, tag: 'no-such-tag' } });
      await rejectsWith('NOT_FOUND', start(scene(), spec), 'image');
      assert.equal((await stateOf(scene(), spec.name)).phase, 'absent');
    });

    it('does not take a command that can’t be run for one that ran', async () => {
      const spec = scene().spec(['/no/such/program']);
      const error = await start(scene(), spec).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      // An init process in front of the command runs first, and ends with 127 when it finds no command.
      if (error === undefined) return assert.notEqual((await ended(scene(), spec.name)).exitCode, 0);
      assert(hasCode(error, 'INVALID', 'NOT_FOUND'), messageOf(error));
      assert.equal((await stateOf(scene(), spec.name)).phase, 'absent');
    });

    it('refuses an unknown runtime, and leaves nothing', async () => {
      const spec = scene().spec(scene().world.behaviours.stay(), { runtime: 'no-such-runtime' });
      await rejectsWith('INVALID', start(scene(), spec), 'engine.runtime');
      assert.equal((await stateOf(scene(), spec.name)).phase, 'absent');
    });

    it('runs with each runtime that it says works', async () => {
      const { runtimes } = await scene().operator.status(scene().signal());
      for (const runtime of runtimes)
        await running(scene(), scene().spec(scene().world.behaviours.stay(), { runtime }));
    });

    it('shows what it would run without running it', async () => {
      const spec = scene().spec(scene().world.behaviours.stay(), { env: { SECRET: 'canary-7f3a' } });
      const commands = await scene().operator.preview(spec, scene().signal());
      assert(
        commands.flat().some((argument) => argument.includes(spec.name)),
        'a preview names the container',
      );
      assert.equal((await stateOf(scene(), spec.name)).phase, 'absent');
    });

    it('gives a command for the foreground', () => {
      const spec = scene().spec(scene().world.behaviours.stay(), { env: { SECRET: 'canary-7f3a' } });
      const { engine } = scene().world;
      if (!engine.capabilities.foreground) return assert.throws(() => engine.command(spec), isUnsupported);
      const { argv, stdin, env = {} } = engine.command(spec);
      assert(argv.length > 0);
      assert(!argv.join('\n').includes('canary-7f3a'), 'values of the environment never travel in argv');
      const secret = [stdin, ...Object.values(env)];
      assert(
        secret.some((text) => text.includes('canary-7f3a')),
        'the environment travels on standard input, or in the command’s own',
      );
    });

    it('says that a registry doesn’t answer', async () => {
      const image = { registry: '127.0.0.1:1', repository: 'stele/none', tag: '1' };
      await rejectsWith('UNREACHABLE', scene().operator.pull(image, {}, inTime(60_000)));
      assert.equal(await scene().operator.hasImage(image, scene().signal()), false);
    });
  });
}

function isUnsupported(error: unknown): boolean {
  return hasCode(error, 'UNSUPPORTED');
}
