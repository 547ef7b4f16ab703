import type { FileItem, FileList } from '@stele/sdk/api';
import { isAbort, type ApiClient } from '@stele/sdk/web';
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Which folder is read. */
export interface Folder {
  readonly storage: string;
  readonly path: string;
  readonly showsHidden: boolean;
}

const firstPage = 200;
const laterPages = 1000;

/** A folder, read page by page as far as it is looked at. */
export class FolderListing implements ReactiveController {
  items: readonly FileItem[] = [];
  /** What the path itself is. */
  entry: FileItem | undefined;
  /** Entries in all, as far as is known; where nobody knows, those that are here and room for the next page. */
  total = 0;
  /** Whether the server has sorted it: not so in folders that are too large for it. */
  isSorted = true;
  usage: FileList['usage'];
  state: 'loading' | 'ready' | 'failed' = 'loading';
  error: unknown;
  readonly #host: ReactiveControllerHost;
  readonly #api: () => ApiClient;
  #folder: Folder | undefined;
  #next: string | undefined;
  #wanted = 0;
  #reading: AbortController | undefined;

  constructor(host: ReactiveControllerHost, api: () => ApiClient) {
    this.#host = host;
    this.#api = api;
    host.addController(this);
  }

  hostConnected(): void {
    if (this.#folder) void this.refresh();
  }

  hostDisconnected(): void {
    this.#reading?.abort();
  }

  /** Whether every entry is here. */
  get isWhole(): boolean {
    return this.state === 'ready' && this.#next === undefined;
  }

  /** Shows another folder. */
  open(folder: Folder): void {
    this.#folder = folder;
    this.items = [];
    this.entry = undefined;
    this.total = 0;
    this.state = 'loading';
    void this.#start(firstPage);
  }

  /** Reads it again; the old rows stay until the new are here. */
  async refresh(): Promise<void> {
    await this.#start(Math.max(firstPage, this.items.length));
  }

  /** Makes sure that the first `count` entries come. */
  want(count: number): void {
    this.#wanted = Math.max(this.#wanted, count);
    const isIdle = this.#reading === undefined || this.#reading.signal.aborted;
    if (this.state === 'ready' && isIdle && this.#next !== undefined && this.items.length < this.#wanted)
      void this.#readOn();
  }

  async #start(count: number): Promise<void> {
    const folder = this.#folder;
    if (!folder) return;
    await this.#while(async (signal) => {
      const rows: FileItem[] = [];
      let page = await this.#page(folder, undefined, Math.min(count, laterPages), signal);
      for (rows.push(...page.items); rows.length < count && page.next !== undefined; rows.push(...page.items)) {
        page = await this.#page(folder, page.next, laterPages, signal);
      }
      this.#wanted = count;
      this.#take(rows, page);
    });
    this.want(this.#wanted);
  }

  async #readOn(): Promise<void> {
    const folder = this.#folder;
    if (!folder) return;
    await this.#while(async (signal) => {
      while (this.#next !== undefined && this.items.length < this.#wanted) {
        const page = await this.#page(folder, this.#next, laterPages, signal);
        this.#take([...this.items, ...page.items], page);
      }
    });
  }

  #take(items: readonly FileItem[], page: FileList): void {
    this.items = items;
    this.entry = page.entry;
    this.#next = page.next;
    this.isSorted = page.total !== undefined;
    const known = page.total ?? items.length + laterPages;
    this.total = page.next === undefined ? items.length : Math.max(known, items.length);
    this.usage = page.usage;
    this.state = 'ready';
    this.error = undefined;
    this.#host.requestUpdate();
  }

  /** One reading at a time: a new one ends the old. */
  async #while(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#reading?.abort();
    const reading = (this.#reading = new AbortController());
    try {
      await work(reading.signal);
    } catch (error) {
      if (reading === this.#reading && !isAbort(error)) this.#failed(error);
    } finally {
      if (reading === this.#reading) this.#reading = undefined;
    }
  }

  #failed(error: unknown): void {
    this.error = error;
    this.state = 'failed';
    this.#host.requestUpdate();
  }

  #page(
    { storage, path, showsHidden }: Folder,
    cursor: string | undefined,
    limit: number,
    signal: AbortSignal,
  ): Promise<FileList> {
    const query = { path, cursor, limit, hidden: showsHidden };
    return this.#api().get<FileList>(`/storages/${storage}/files`, { query, signal });
  }
}
