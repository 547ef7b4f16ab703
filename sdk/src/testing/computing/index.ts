import assert from 'node:assert/strict';
import type { Runner } from '../runner.ts';
import { describeAborting } from './aborting.ts';
import { describeDescribing } from './describing.ts';
import { describeEnding } from './ending.ts';
import { describeEvents } from './events.ts';
import { describeLogs } from './logs.ts';
import { describeObserving } from './observing.ts';
import { describeReaching } from './reaching.ts';
import { Bench, type ComputingDriverSubject } from './subject.ts';
import { describeTaskStage } from './staging.ts';
import { describeSubmitting } from './submitting.ts';

export type { ComputingDriverSubject, DriverWorld, TaskBehaviours } from './subject.ts';

/** Tests what every computing driver promises. */
export function describeComputingDriver(runner: Runner, subject: ComputingDriverSubject): void {
  inWorld(runner, subject, (bench) => {
    describeDescribing(runner, bench);
    describeSubmitting(runner, bench);
    describeObserving(runner, bench);
    describeReaching(runner, bench);
    describeLogs(runner, bench);
    describeEvents(runner, bench);
    describeTaskStage(runner, bench);
    describeEnding(runner, bench);
    describeAborting(runner, bench);
    describeLeaving(runner, bench);
  });
}

/** The part of the same about folders of tasks' own, for a resource that keeps them where others of its kind don't. */
export function describeStaging(runner: Runner, subject: ComputingDriverSubject): void {
  inWorld(runner, subject, (bench) => describeTaskStage(runner, bench));
}

function inWorld(runner: Runner, subject: ComputingDriverSubject, tests: (bench: () => Bench) => void): void {
  runner.describe('computing driver', () => {
    let current: Bench | undefined;
    const bench = (): Bench => {
      assert(current !== undefined, 'the world was not opened');
      return current;
    };
    runner.before(async () => {
      current = new Bench(await subject.open(), subject.patience ?? 30_000);
    });
    runner.after(async () => {
      await current?.close();
    });
    tests(bench);
  });
}

function describeLeaving({ describe, it }: Runner, bench: () => Bench): void {
  describe('in the end', () => {
    it('nothing is left of tasks that were cleaned up by their keys alone', async () => {
      const { world, lost } = { world: bench().world, lost: bench().lost() };
      await Promise.all(lost.map((task) => bench().clean(task)));
      const seen = await world.driver.observe(world.resource, lost, bench().call());
      const left = lost.filter(({ key }) => seen.get(key)?.phase !== 'absent');
      assert.deepEqual(left, []);
    });
  });
}
