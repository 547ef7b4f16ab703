import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { windowOf, type Rows, type Window } from '../model/window.ts';

/** Draws only the rows near the screen, whichever ancestor scrolls. */
export class VirtualRows implements ReactiveController {
  /** Pixels that a row has to itself. */
  width = 0;
  readonly #host: ReactiveControllerHost;
  readonly #box: () => HTMLElement | null | undefined;
  readonly #rows: () => Rows;
  #shown: Window = { from: 0, to: 0, offset: 0 };
  #observer: ResizeObserver | undefined;
  #observed: HTMLElement | undefined;
  #frame = 0;

  constructor(host: ReactiveControllerHost, box: () => HTMLElement | null | undefined, rows: () => Rows) {
    this.#host = host;
    this.#box = box;
    this.#rows = rows;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('scroll', this.#moved, { capture: true, passive: true });
    addEventListener('resize', this.#moved);
    this.#observer = new ResizeObserver(() => this.#resized());
  }

  hostDisconnected(): void {
    removeEventListener('scroll', this.#moved, { capture: true });
    removeEventListener('resize', this.#moved);
    cancelAnimationFrame(this.#frame);
    this.#observer?.disconnect();
    this.#observed = undefined;
  }

  hostUpdated(): void {
    const box = this.#box() ?? undefined;
    if (box === this.#observed) return;
    if (this.#observed) this.#observer?.unobserve(this.#observed);
    this.#observed = box;
    if (box) this.#observer?.observe(box);
  }

  /** What to draw now. */
  window(): Window {
    return (this.#shown = this.#measure());
  }

  #measure(): Window {
    const top = this.#box()?.getBoundingClientRect().top ?? 0;
    return windowOf(this.#rows(), -top, innerHeight);
  }

  readonly #moved = (): void => {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const { from, to } = this.#measure();
      if (from !== this.#shown.from || to !== this.#shown.to) this.#host.requestUpdate();
    });
  };

  #resized(): void {
    const width = this.#box()?.clientWidth ?? 0;
    if (width === this.width) return;
    this.width = width;
    this.#host.requestUpdate();
  }
}
