import type { List, Notice } from '@stele/sdk/api';
import {
  type ApiClient,
  isAbort,
  type LiveEvents,
  type Navigation,
  type Toasts,
  type Unsubscribe,
} from '@stele/sdk/web';

/** More than these at once are told of in one sentence. */
const few = 3;

/** What the notices are shown with. */
export interface NoticeParts {
  readonly api: ApiClient;
  readonly events: LiveEvents;
  readonly toasts: Toasts;
  readonly navigation: Pick<Navigation, 'go'>;
  /** The page itself: whether somebody can see it. */
  readonly page: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
}

/** Tells of what has happened while nobody looked, once: when the page is opened, comes into view, or hears of it. */
export class NoticeBoard {
  readonly #parts: NoticeParts;
  #reading: Promise<void> | undefined;

  constructor(parts: NoticeParts) {
    this.#parts = parts;
  }

  /** Looks now, and whenever there may be something. @returns what ends it */
  listen(): Unsubscribe {
    const { events, page } = this.#parts;
    const look = (): void => void this.#look();
    page.addEventListener('visibilitychange', look);
    const ends = [events.on('notice', look), events.on('resync', look)];
    look();
    return () => {
      page.removeEventListener('visibilitychange', look);
      for (const end of ends) end();
    };
  }

  /** What nobody sees isn’t said: it is there when somebody comes back. */
  async #look(): Promise<void> {
    if (this.#parts.page.visibilityState !== 'visible') return;
    const before = this.#reading;
    const reading = (before ?? Promise.resolve()).then(() => this.#read());
    this.#reading = reading;
    await reading;
    if (this.#reading === reading) this.#reading = undefined;
  }

  async #read(): Promise<void> {
    const { api } = this.#parts;
    try {
      const { items } = await api.get<List<Notice>>('/notices');
      this.#show(items);
      await Promise.all(items.map(({ id }) => api.delete(`/notices/${id}`)));
    } catch (error) {
      // It is asked again by whatever comes next; the page says by itself when the server is away.
      if (!isAbort(error)) console.warn('stele: notices could not be read', error);
    }
  }

  #show(items: readonly Notice[]): void {
    const { toasts, navigation } = this.#parts;
    if (items.length > few) {
      const run = (): void => navigation.go({ panel: 'tasks' });
      toasts.show({ text: `${items.length} of your tasks have started.`, stays: true, action: { label: 'Show', run } });
      return;
    }
    for (const { task, computing } of items) {
      const run = (): void => navigation.go({ panel: 'tasks', query: { open: task.id } });
      const text = `“${task.name}” has started on ${computing}.`;
      toasts.show({ text, stays: true, task: task.id, action: { label: 'Show', run } });
    }
  }
}
