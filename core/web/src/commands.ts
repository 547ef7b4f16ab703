import type { Command, Commands, Unsubscribe } from '@stele/sdk/web';

/** Everything that can be done by the palette, asked for when it opens. */
export class CommandRegistry implements Commands {
  readonly #sources = new Set<() => readonly Command[]>();
  readonly #onOpen: () => void;

  /** @param onOpen shows the palette */
  constructor(onOpen: () => void) {
    this.#onOpen = onOpen;
  }

  add(source: () => readonly Command[]): Unsubscribe {
    this.#sources.add(source);
    return () => this.#sources.delete(source);
  }

  open(): void {
    this.#onOpen();
  }

  /** All commands right now, the open panel's before the page's own; a source that throws is left out and told. */
  list(): readonly Command[] {
    return [...this.#sources].reverse().flatMap((source) => {
      try {
        return source();
      } catch (error) {
        console.error('stele: commands of a panel', error);
        return [];
      }
    });
  }
}
