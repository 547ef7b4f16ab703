import type { TaskPreview } from '@stele/sdk/api';
import { isAbort } from '@stele/sdk/web';

/** How long nothing is entered before it is asked again. ms */
const pause = 400;

/** What would be sent to the computing. While somebody looks at it, it follows what is entered. */
export class LaunchPreview {
  text: string | undefined;
  fault: unknown;
  isOpen = false;

  readonly #ask: (signal: AbortSignal) => Promise<TaskPreview>;
  readonly #changed: () => void;
  readonly #pause: number;
  #reading: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param changed called when there is something else to show */
  constructor(ask: (signal: AbortSignal) => Promise<TaskPreview>, changed: () => void, wait = pause) {
    this.#ask = ask;
    this.#changed = changed;
    this.#pause = wait;
  }

  /** Somebody looks at it from now on, or no longer does. */
  show(isOpen: boolean): void {
    if (isOpen === this.isOpen) return;
    this.isOpen = isOpen;
    if (isOpen) void this.read();
    else this.close();
  }

  /** Something else is asked for now. What is shown stays until the answer is there. */
  follow(): void {
    if (!this.isOpen) return;
    this.close();
    this.#timer = setTimeout(() => void this.read(), this.#pause);
  }

  async read(): Promise<void> {
    this.close();
    const { signal } = (this.#reading = new AbortController());
    try {
      const { text } = await this.#ask(signal);
      if (!signal.aborted) this.#tell(text, undefined);
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) this.#tell(undefined, error);
    }
  }

  /** Ends what is still asked. */
  close(): void {
    clearTimeout(this.#timer);
    this.#reading?.abort();
  }

  #tell(text: string | undefined, fault: unknown): void {
    this.text = text;
    this.fault = fault;
    this.#changed();
  }
}
