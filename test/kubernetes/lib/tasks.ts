import assert from 'node:assert/strict';
import type { ComputingResource, JsonObject, Launch, Observation, TaskEvent, TaskHandle } from '@stele/sdk';
import { eventually, inTime, testCall, testUser } from '@stele/sdk/testing';
import { task } from '../../engines/standalone-world.ts';
import type { Bed } from './bed.ts';
import { apiResource, Stage } from './world.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const randomKey = (): string =>
  Array.from({ length: 16 }, () => letters[Math.floor(Math.random() * letters.length)]).join('');

/** Script of a task that ends when it is asked to. */
export const forever = 'trap "exit 0" TERM; while :; do sleep 0.2 & wait $!; done';

type SeenIn<P, O = Observation> = O extends { readonly phase: infer Q } ? (P extends Q ? O : never) : never;

/** Tasks of one test on one resource; cleaned up with it. */
export class Tasks implements AsyncDisposable {
  readonly stage: Stage;
  readonly resource: ComputingResource;
  readonly #made: TaskHandle[] = [];

  constructor(resource: ComputingResource, stage = new Stage()) {
    this.resource = resource;
    this.stage = stage;
  }

  /** Submits a script. */
  async submit(script: string, parts: Partial<Launch> = {}): Promise<TaskHandle> {
    const launch: Launch = {
      ...task(script, { BASE_PORT: '8080', ...parts.env }),
      key: randomKey(),
      ...without(parts, 'env'),
    };
    this.#made.push({ key: launch.key, who: testUser });
    const ref = await this.stage.driver.submit(this.resource, launch, () => undefined, this.call());
    return { key: launch.key, ref, who: testUser };
  }

  /** The key of the last launch. */
  get lastKey(): string {
    return this.#made.at(-1)?.key ?? '';
  }

  call(seconds = 60): ReturnType<typeof testCall> {
    return testCall({ signal: inTime(seconds * 1_000) });
  }

  async see(handle: TaskHandle): Promise<Observation> {
    const seen = await this.stage.driver.observe(this.resource, [handle], this.call());
    return seen.get(handle.key) ?? assert.fail('observe answers for each task');
  }

  /** Waits until a task is seen in a phase. While the cluster can't be asked it goes on. */
  async until<P extends Observation['phase']>(handle: TaskHandle, phase: P, limit = 60_000): Promise<SeenIn<P>> {
    let seen: { readonly phase: string } | Error = { phase: 'absent' };
    const isThere = async (): Promise<boolean> => {
      seen = await this.see(handle).catch((error: Error) => error);
      return !(seen instanceof Error) && seen.phase === phase;
    };
    const words = (): string => (seen instanceof Error ? seen.message : JSON.stringify(seen));
    await eventually(() => `the task is ${phase}, and not ${words()}`, isThere, limit);
    return seen as unknown as SeenIn<P>;
  }

  async log(handle: TaskHandle): Promise<string> {
    const chunks = await Array.fromAsync(this.stage.driver.logs(this.resource, handle, {}, this.call()));
    return Buffer.concat(chunks).toString();
  }

  events(handle: TaskHandle): Promise<readonly TaskEvent[]> {
    return this.stage.driver.events(this.resource, handle, this.call());
  }

  cancel(handle: TaskHandle): Promise<void> {
    return this.stage.driver.cancel(this.resource, handle, this.call());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#made.map((handle) => this.stage.driver.clean(this.resource, handle, this.call())));
    await this.stage[Symbol.asyncDispose]();
  }
}

/** Tasks in namespaces that are made for them. */
export async function tasksIn(bed: Bed, conf: JsonObject = {}): Promise<Tasks> {
  return new Tasks(apiResource(await bed.kubeconfig('token'), { makeNamespaces: true, ...conf }));
}

function without(parts: Partial<Launch>, name: 'env'): Partial<Launch> {
  return Object.fromEntries(Object.entries(parts).filter(([key]) => key !== name));
}
