import type { PanelItem, Ui } from '@stele/sdk/api';
import type { ApiClient, LiveEvents } from '@stele/sdk/web';

/** What the page is made of, kept true by events. */
export class UiStore {
  /** As it was last read. */
  ui: Ui | undefined;
  /** Why it could not be read, until it could. */
  fault: unknown;
  readonly #api: ApiClient;
  readonly #onChange: () => void;
  #reading = 0;

  constructor(api: ApiClient, onChange: () => void) {
    this.#api = api;
    this.#onChange = onChange;
  }

  /** Panels of a slot, in order. */
  panels(slot: string): readonly PanelItem[] {
    return (this.ui?.panels ?? []).filter((panel) => panel.slot === slot).sort((a, b) => a.order - b.order);
  }

  /** Reads again whenever the server says so. @returns what ends it */
  listen(events: LiveEvents): () => void {
    const ends = [
      events.on('ui', ({ version }) => {
        if (version !== this.ui?.version) void this.read();
      }),
      events.on('resync', () => void this.read()),
    ];
    return () => ends.forEach((end) => end());
  }

  /** Reads it. */
  async read(): Promise<void> {
    const mine = ++this.#reading;
    try {
      const ui = await this.#api.get<Ui>('/ui');
      if (mine !== this.#reading) return;
      this.ui = ui;
      this.fault = undefined;
    } catch (error) {
      if (mine !== this.#reading) return;
      this.fault = error;
    }
    this.#onChange();
  }
}
