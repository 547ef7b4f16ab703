/** How the time is told: replaced in tests. */
export interface Clocks {
  /** Stands still while the machine is suspended. */
  readonly monotonic: () => number;
  /** Jumps when somebody sets it. */
  readonly wall: () => number;
}

export const systemClocks: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() };

/** Milliseconds since its making, never too few: of a clock that may stand still and one that may jump, whichever says more. */
export class Stopwatch {
  readonly #clocks: Clocks;
  readonly #from: readonly [number, number];

  constructor(clocks: Clocks = systemClocks) {
    this.#clocks = clocks;
    this.#from = [clocks.monotonic(), clocks.wall()];
  }

  get elapsed(): number {
    const [monotonic, wall] = this.#from;
    return Math.max(this.#clocks.monotonic() - monotonic, this.#clocks.wall() - wall);
  }
}
