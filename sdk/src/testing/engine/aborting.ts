import assert from 'node:assert/strict';
import { abortedSignal } from '../call.ts';
import { rejectsWith, settlesWithin } from '../expect.ts';
import type { ContainerOperator } from '../../engine.ts';
import type { Runner } from '../runner.ts';
import { inTime } from '../time.ts';
import type { Scene } from './subject.ts';
import { printed, running, stateOf } from './watch.ts';

const soon = 5_000;

export function describeAborting({ describe, it }: Runner, scene: () => Scene): void {
  describe('a caller who has left', () => {
    it('starts nothing', async () => {
      const spec = scene().spec(scene().world.behaviours.stay());
      await fails('start', scene().operator.start(spec, abortedSignal()));
      assert.equal((await stateOf(scene(), spec.name)).phase, 'absent');
    });

    it('is told nothing', async () => {
      const { operator, world } = scene();
      await fails('status', operator.status(abortedSignal()));
      await fails('observe', operator.observe(['stele-kit-nobody'], abortedSignal()));
      await fails('find', operator.find('stele.kit', 'x', abortedSignal()));
      await fails('hasImage', operator.hasImage(world.image, abortedSignal()));
    });

    it('stops following', async () => {
      const spec = scene().spec(scene().world.behaviours.stay());
      await running(scene(), spec);
      await printed(scene(), spec.name, 'up');
      const leaving = new AbortController();
      const reading = read(scene().operator.logs(spec.name, { follow: true }, leaving.signal), () => leaving.abort());
      await settlesWithin(soon, 'following a log', reading);
      assert.equal((await stateOf(scene(), spec.name)).phase, 'running');
    });

    it('stops waiting for an engine that doesn’t answer', async () => {
      const { silent } = scene().world;
      if (silent === undefined) return;
      await fails('observe', silent.observe(['stele-kit-nobody'], AbortSignal.timeout(500)));
    });
  });

  describe('an engine that doesn’t answer', () => {
    it('is said not to, in time', async () => {
      const problem = await scene().silence;
      if (problem !== undefined) throw problem;
    });
  });
}

/** Asks an engine that never answers; says what was wrong with its silence. */
export async function askInVain(silent: ContainerOperator): Promise<Error | undefined> {
  const signal = inTime(60_000);
  const asked = Promise.all([
    rejectsWith('UNREACHABLE', silent.status(signal)),
    rejectsWith('UNREACHABLE', silent.observe(['stele-kit-nobody'], signal)),
    rejectsWith('UNREACHABLE', silent.find('stele.kit', 'x', signal)),
  ]);
  return settlesWithin(20_000, 'asking it', asked).then(
    () => undefined,
    (problem: unknown) => problem as Error,
  );
}

async function fails(what: string, work: Promise<unknown>): Promise<void> {
  const error = await settlesWithin(
    soon,
    what,
    work.then(succeeded, (reason: unknown) => reason),
  );
  assert(error !== undone, `${what} must fail when its caller has left`);
}

const undone = Symbol('succeeded');

function succeeded(): typeof undone {
  return undone;
}

async function read(log: AsyncIterable<Uint8Array>, seen: () => void): Promise<void> {
  try {
    for await (const _ of log) seen();
  } catch (error) {
    // To end quietly and to fail are both right.
    assert(error instanceof Error);
  }
}
