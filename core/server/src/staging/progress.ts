import type { Stage } from '../model/index.ts';
import { Paced } from '../paced.ts';
import type { Survey } from './survey.ts';

/** Milliseconds between two writes of how far it is. */
const period = 1_000;

/** Counts what has come, and writes it down now and then. */
export class Progress {
  readonly #all: Pick<Stage, 'allFiles' | 'allBytes' | 'left'>;
  readonly #paced: Paced<Stage>;
  readonly #keepsPlace: boolean;
  #files = 0;
  #bytes = 0;
  #upTo: string | undefined;

  /**
   * @param keepsPlace whether a later run may go on from where this one is cut
   * @param write never rejects
   */
  constructor(found: readonly Survey[], keepsPlace: boolean, write: (stage: Stage) => Promise<void>) {
    const sum = (pick: (survey: Survey) => number): number => found.reduce((total, one) => total + pick(one), 0);
    const left = sum((one) => one.left);
    this.#all = {
      allFiles: sum(({ files }) => files.length),
      allBytes: sum(({ bytes }) => bytes),
      ...(left === 0 ? {} : { left }),
    };
    this.#keepsPlace = keepsPlace;
    this.#paced = new Paced(period, write);
    this.#say();
  }

  moved(bytes: number): void {
    this.#bytes += bytes;
    this.#say();
  }

  /** @param path every file up to it is there */
  done(path: string): void {
    this.#files += 1;
    this.#upTo = path;
    this.#say();
  }

  /** How it stands when all is done. */
  after(state: 'done' | 'idle'): Stage {
    const { upTo: _, ...stage } = this.#stage();
    return { ...stage, state, at: new Date().toISOString() };
  }

  /** Writes nothing any more once it resolves. */
  end(): Promise<void> {
    return this.#paced.end();
  }

  #say(): void {
    this.#paced.say(this.#stage());
  }

  #stage(): Stage {
    const upTo = this.#keepsPlace && this.#upTo !== undefined ? { upTo: this.#upTo } : {};
    return { state: 'moving', files: this.#files, bytes: this.#bytes, ...this.#all, ...upTo };
  }
}
