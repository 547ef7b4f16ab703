/**
 * Sees to what has just come, beside the rounds: a look for each time that somebody asked, one at a time, and one for all who asked
 * while another went on.
 */
export class Newcomers {
  readonly #look: () => Promise<void>;
  readonly #failed: (error: unknown) => void;
  #looking: Promise<void> = Promise.resolve();
  #isAsked = false;

  constructor(look: () => Promise<void>, failed: (error: unknown) => void) {
    this.#look = look;
    this.#failed = failed;
  }

  ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#looking = this.#looking.then(() => this.#once());
  }

  /** Resolves when nobody looks any more. */
  idle(): Promise<void> {
    return this.#looking;
  }

  async #once(): Promise<void> {
    this.#isAsked = false;
    try {
      await this.#look();
    } catch (error) {
      this.#failed(error);
    }
  }
}
