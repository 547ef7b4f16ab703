import type { Host } from '../../access.ts';
import type { ContainerEngine, ContainerOperator, ContainerSpec } from '../../engine.ts';
import type { ImageRef } from '../../resources.ts';
import { inTime } from '../time.ts';

/** Arguments that make a container of the kit's image behave in one way. */
export interface Behaviours {
  /** Prints each line, then ends with `exitCode`. */
  print(lines: readonly string[], exitCode: number): readonly string[];
  /** Prints the values of environment variables, one a line, and ends with 0. */
  show(names: readonly string[]): readonly string[];
  /** Prints `up` and runs until it is asked to end. */
  stay(): readonly string[];
  /** Prints `up` and runs on when it is asked to end. */
  ignore(): readonly string[];
  /** Answers each connection to `port` with `hello` and a line end. */
  greet(port: number): readonly string[];
  /**
   * Prints the addresses of its network, one a line, then `up`, and answers as {@link Behaviours.greet} does. Absent, as
   * `knock` is, where containers' networks can't be tested.
   */
  readonly expose?: (port: number) => readonly string[];
  /**
   * Listens to `port` once and connects to it on `127.0.0.1`, then to each of `addresses`. Prints a line for each, the
   * address and what it was told there: at first, to show that it can hear, `127.0.0.1 hello`. Ends with 0.
   */
  readonly knock?: (addresses: readonly string[], port: number) => readonly string[];
  /** Makes a file; ends with 0 when it could, else with another code. */
  touch(path: string): readonly string[];
  /** Takes memory until it is ended. Absent where limits can't be tested. */
  readonly hog?: () => readonly string[];
}

/** A host with the engine, and what the kit needs on it. */
export interface EngineWorld {
  /** What is tested. */
  readonly engine: ContainerEngine;
  /** A host where it works. */
  readonly host: Host;
  /** An image that is there. */
  readonly image: ImageRef;
  /** What containers of that image can do. */
  readonly behaviours: Behaviours;
  /** Absolute path of a folder on the host that can be bound. */
  readonly folder: string;
  /** Whether there is a file of this name in the folder. */
  hasFile(name: string): Promise<boolean>;
  /** What is open on loopback at this port answers, as text. */
  greetingAt(port: number): Promise<string>;
  /** An operator whose engine never answers. Absent where that can't be had. */
  readonly silent?: ContainerOperator;
  /** Gives everything back. */
  close(): Promise<void>;
}

/** Where the {@link describeContainerEngine} kit gets its world. */
export interface ContainerEngineSubject {
  /** Makes the world. Called once. */
  open(): Promise<EngineWorld>;
  /** Milliseconds for a container to get anywhere. Default 15,000. */
  readonly patience?: number;
}

/** The label that all of the kit's containers carry. */
export const kitLabel = 'stele.kit';

/** A world in use: it knows the containers it made. */
export class Scene {
  readonly world: EngineWorld;
  readonly operator: ContainerOperator;
  readonly patience: number;
  readonly mark = random();
  /** What was wrong with how an engine that doesn't answer was treated. Absent where there is none. */
  silence: Promise<Error | undefined> | undefined;

  constructor(world: EngineWorld, patience: number) {
    this.world = world;
    this.operator = world.engine.operator(world.host);
    this.patience = patience;
  }

  /** A container that does as it is told, marked as the kit's. */
  spec(args: readonly string[], parts: Partial<ContainerSpec> = {}): ContainerSpec {
    const { image } = this.world;
    const name = `stele-kit-${random()}`;
    return { name, image, env: {}, binds: [], labels: { [kitLabel]: this.mark }, args, ...parts };
  }

  signal(): AbortSignal {
    return inTime(this.patience);
  }

  /** Removes all of the kit's containers, some at a time. */
  async removeAll(): Promise<void> {
    const names = [...(await this.operator.find(kitLabel, this.mark, this.signal()))];
    const takeNext = async (): Promise<void> => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        await this.operator.remove(name, this.signal());
      }
    };
    await Promise.all([takeNext(), takeNext(), takeNext(), takeNext()]);
  }

  async close(): Promise<void> {
    await this.silence;
    await this.removeAll();
    await this.world.close();
  }
}

export function random(): string {
  return Math.random().toString(36).slice(2, 14).padEnd(12, 'x');
}
