import assert from 'node:assert/strict';
import type { Call } from '../../call.ts';
import type { ComputingDriver, Launch, Observation, TaskEvent, TaskHandle } from '../../computing.ts';
import type { LogOptions } from '../../engine.ts';
import type { ComputingResource } from '../../resources.ts';
import { testCall, testUser } from '../call.ts';
import { eventually } from '../expect.ts';
import { inTime } from '../time.ts';

/** What the kit's tasks do; each is a launch but for its key. */
export interface TaskBehaviours {
  /** Prints each line, then ends with `exitCode`. */
  print(lines: readonly string[], exitCode: number): Omit<Launch, 'key'>;
  /** Prints `up`, and answers each connection to its interface with `hello` and a line end. */
  greet(): Omit<Launch, 'key'>;
  /** Prints `up` and runs on when it is asked to end. */
  ignore(): Omit<Launch, 'key'>;
  /** Copies what lies in `in/large` of the folder to its `out/`, and ends. Absent where the driver keeps no folders. */
  bring?(folder: string): Omit<Launch, 'key'>;
  /** Has an image that is nowhere: it is refused, or fails. */
  missing(): Omit<Launch, 'key'>;
}

/** A resource, and what the kit needs on it. */
export interface DriverWorld {
  /** What is tested. */
  readonly driver: ComputingDriver;
  /** Where tasks run. */
  readonly resource: ComputingResource;
  /** What tasks do there. */
  readonly behaviours: TaskBehaviours;
  /** Gives everything back. */
  close(): Promise<void>;
}

/** Where the {@link describeComputingDriver} kit gets its world. */
export interface ComputingDriverSubject {
  /** Makes the world. Called once. */
  open(): Promise<DriverWorld>;
  /** Milliseconds for a task to get anywhere. Default 30,000. */
  readonly patience?: number;
  /** What a launch's environment holds that no preview may show, beside the kit's own. */
}

type SeenIn<P, O = Observation> = O extends { readonly phase: infer Q } ? (P extends Q ? O : never) : never;

/** A world in use: it knows the tasks it made. */
export class Bench {
  readonly world: DriverWorld;
  readonly patience: number;
  readonly #keys = new Set<string>();

  constructor(world: DriverWorld, patience: number) {
    this.world = world;
    this.patience = patience;
  }

  call(parts: Partial<Call> = {}): Call {
    return testCall({ signal: inTime(this.patience), ...parts });
  }

  launch(behaviour: Omit<Launch, 'key'>, key: string = randomKey()): Launch {
    this.#keys.add(key);
    return { ...behaviour, key };
  }

  async submit(launch: Launch): Promise<TaskHandle> {
    const ref = await this.world.driver.submit(this.world.resource, launch, () => undefined, this.call());
    return { key: launch.key, ref, who: testUser };
  }

  async see(task: TaskHandle): Promise<Observation> {
    const seen = await this.world.driver.observe(this.world.resource, [task], this.call());
    const observation = seen.get(task.key);
    assert(observation !== undefined, 'observe has to answer for each task');
    return observation;
  }

  async until<P extends Observation['phase']>(task: TaskHandle, phase: P): Promise<SeenIn<P>> {
    let seen: Observation = { phase: 'absent' };
    const isThere = async () => {
      seen = await this.see(task);
      return seen.phase === phase;
    };
    await eventually(`the task is ${phase}`, isThere, this.patience);
    return seen as SeenIn<P>;
  }

  async log(task: TaskHandle, options: LogOptions = {}): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of this.world.driver.logs(this.world.resource, task, options, this.call())) {
      text += decoder.decode(chunk, { stream: true });
    }
    return text;
  }

  printed(task: TaskHandle, line: string): Promise<void> {
    const isThere = async () => (await this.log(task)).split('\n').includes(line);
    return eventually(`the task prints ${line}`, isThere, this.patience);
  }

  async events(task: TaskHandle): Promise<readonly TaskEvent[]> {
    return (await this.world.driver.events?.(this.world.resource, task, this.call())) ?? [];
  }

  cancel(task: TaskHandle): Promise<void> {
    return this.world.driver.cancel(this.world.resource, task, this.call());
  }

  clean(task: TaskHandle): Promise<void> {
    return this.world.driver.clean(this.world.resource, task, this.call());
  }

  /** Handles of everything that was launched, as after a crash: without references. */
  lost(): readonly TaskHandle[] {
    return [...this.#keys].map((key) => ({ key, who: testUser }));
  }

  async close(): Promise<void> {
    await Promise.all(this.lost().map((task) => this.clean(task)));
    await this.world.close();
  }
}

export function randomKey(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 16 }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
}
