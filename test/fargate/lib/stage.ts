import assert from 'node:assert/strict';
import type { ComputingResource, Launch, Observation, TaskHandle } from '@stele/sdk';
import { eventually, inTime, testCall, testUser } from '@stele/sdk/testing';
import type { FargateDriver } from '../../../plugins/computing/fargate/src/server/driver.ts';
import { StandIn } from './stand-in.ts';
import type { StandInTask } from './task.ts';
import { behaviours, type Made, makeDriver, type Making, resourceAt } from './world.ts';

/** A task that answers until it is stopped. */
export const greet = (key: string, parts: Partial<Launch> = {}): Launch => ({ ...behaviours.greet(), key, ...parts });

export const handle = (key: string, ref?: string): TaskHandle => ({
  key,
  ...(ref === undefined ? {} : { ref }),
  who: testUser,
});

let number = 0;
export const newKey = (): string => String((number += 1)).padStart(16, 'k');

/** A stand-in, a resource at it, and as many drivers as a test wants: each as a platform that was started anew. */
export class Stage {
  readonly aws = new StandIn();
  resource!: ComputingResource;
  readonly #made: Made[] = [];

  static async open(): Promise<Stage> {
    const stage = new Stage();
    await stage.aws.listen();
    stage.resource = resourceAt(stage.aws.endpoint);
    return stage;
  }

  make(parts: Making = {}): FargateDriver {
    const made = makeDriver(parts);
    this.#made.push(made);
    return made.driver;
  }

  submit(driver: FargateDriver, launch: Launch, signal = inTime(20_000)): Promise<string> {
    return driver.submit(this.resource, launch, () => undefined, testCall({ signal }));
  }

  async see(driver: FargateDriver, task: TaskHandle): Promise<Observation> {
    return (await driver.observe(this.resource, [task], testCall())).get(task.key) ?? assert.fail('no answer');
  }

  async until(driver: FargateDriver, task: TaskHandle, phase: Observation['phase']): Promise<Observation> {
    let seen: Observation = { phase: 'absent' };
    const isThere = async () => (seen = await this.see(driver, task)).phase === phase;
    await eventually(() => `${phase}, but ${JSON.stringify(seen)}`, isThere, 10_000);
    return seen;
  }

  /** Tasks of a key that run, and have not been asked to stop. */
  alive(key: string): readonly StandInTask[] {
    return this.aws.cluster.tasks.filter(
      ({ view }) => view.startedBy === `stele-${key}` && view.desiredStatus === 'RUNNING',
    );
  }

  async close(): Promise<void> {
    for (const { connections } of this.#made) connections[Symbol.dispose]();
    await this.aws[Symbol.asyncDispose]();
    assert.deepEqual(this.aws.problems, [], 'requests and answers have to be of AWS’s model');
  }
}
