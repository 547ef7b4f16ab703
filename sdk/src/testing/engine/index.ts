import assert from 'node:assert/strict';
import type { Runner } from '../runner.ts';
import { askInVain, describeAborting } from './aborting.ts';
import { describeEnding } from './ending.ts';
import { describeIsolation } from './isolation.ts';
import { describeLogs } from './logs.ts';
import { describeObserving } from './observing.ts';
import { describeRefusing } from './refusing.ts';
import { describeStarting } from './starting.ts';
import { type ContainerEngineSubject, kitLabel, Scene } from './subject.ts';

export { shellBehaviours } from './shell-behaviours.ts';
export type { Behaviours, ContainerEngineSubject, EngineWorld } from './subject.ts';

/** Tests what every container engine with detached containers promises. */
export function describeContainerEngine(runner: Runner, subject: ContainerEngineSubject): void {
  runner.describe('container engine', () => {
    let current: Scene | undefined;
    const scene = (): Scene => {
      assert(current !== undefined, 'the world was not opened');
      return current;
    };
    runner.before(async () => {
      current = new Scene(await subject.open(), subject.patience ?? 15_000);
      const { silent } = current.world;
      // It takes an engine's whole patience, so it goes on beside the other tests.
      if (silent !== undefined) current.silence = askInVain(silent);
    });
    runner.after(async () => {
      await current?.close();
    });
    describeObserving(runner, scene);
    describeStarting(runner, scene);
    describeIsolation(runner, scene);
    describeLogs(runner, scene);
    describeEnding(runner, scene);
    describeRefusing(runner, scene);
    describeAborting(runner, scene);
    describeLeaving(runner, scene);
  });
}

function describeLeaving({ describe, it }: Runner, scene: () => Scene): void {
  describe('in the end', () => {
    it('nothing is left of containers that were removed', async () => {
      const { operator, mark } = scene();
      await scene().removeAll();
      assert.deepEqual(await operator.find(kitLabel, mark, scene().signal()), []);
    });
  });
}
