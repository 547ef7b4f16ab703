import type { FileItem, Storage } from '@stele/sdk/api';
import { isAbort, isApiProblem, plural, type ApiClient, type Host, type Unsubscribe } from '@stele/sdk/web';
import { joined, keepBothName, nameOf, parentOf } from '../model/paths.ts';
import { isOpen, reduce, toStart, totalsOf, type Queue, type QueueEvent, type Upload } from './queue.ts';

/** A file to send, and where below the folder that it was dropped on. */
export interface PickedFile {
  readonly path: string;
  readonly file: File;
}

/** What is sent in one go. Empty folders come too. */
export interface Picked {
  readonly files: readonly PickedFile[];
  readonly folders: readonly string[];
}

/** What to do with a name that is taken. */
export type Choice = 'replace' | 'rename' | 'skip';

const parallel = 3;
/** From this size on it is asked first whether the name is free: smaller ones are sent sooner than asked. */
const askFirst = 1_000_000;

/**
 * The uploads of the page. They live as long as the page does, whatever panel is shown: elements come and go and only
 * look at them.
 */
export class UploadStore {
  queue: Queue = [];
  /** How many elements show it right now. */
  viewers = 0;
  readonly #files = new Map<number, File>();
  readonly #running = new Map<number, AbortController>();
  readonly #folders = new Map<string, Promise<void>>();
  readonly #listeners = new Set<() => void>();
  readonly #keepsBoth = new Set<number>();
  #standing: Choice | undefined;
  #host: Pick<Host, 'api' | 'toasts'> | undefined;
  #lastId = 0;
  #wasBusy = false;

  /** Sends files to a folder. */
  add(host: Pick<Host, 'api' | 'toasts'>, storage: Pick<Storage, 'id'>, folder: string, picked: Picked): void {
    this.#host = host;
    const uploads = picked.files.map(({ path, file }): Upload => {
      const id = ++this.#lastId;
      this.#files.set(id, file);
      return {
        id,
        storage: storage.id,
        path: joined(folder, path),
        size: file.size,
        sent: 0,
        state: 'waiting',
        overwrite: false,
      };
    });
    for (const empty of picked.folders) void this.#makeEmpty(host, storage.id, joined(folder, empty));
    this.#apply({ type: 'add', uploads });
  }

  /** Told whenever something moved. */
  onChange(listener: () => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  cancel(id: number): void {
    this.#apply({ type: 'cancel', id });
    this.#running.get(id)?.abort();
  }

  cancelAll(): void {
    this.#apply({ type: 'cancel-all' });
    for (const running of this.#running.values()) running.abort();
  }

  retry(id: number): void {
    this.#apply({ type: 'retry', id });
  }

  /** Forgets what is over. */
  clear(): void {
    this.#apply({ type: 'clear' });
    const left = new Set(this.queue.map(({ id }) => id));
    for (const id of this.#files.keys()) if (!left.has(id)) this.#files.delete(id);
  }

  /** What the user wants of a name that is taken; `forAll`: of every later one in this queue too. */
  answer(id: number, choice: Choice, forAll: boolean): void {
    if (forAll) this.#standing = choice;
    const asked = forAll ? this.queue.filter(({ state }) => state === 'clash').map((upload) => upload.id) : [id];
    for (const one of asked) this.#settleClash(one, choice);
  }

  #settleClash(id: number, choice: Choice): void {
    if (choice === 'rename') this.#keepsBoth.add(id);
    const upload = this.queue.find((one) => one.id === id);
    if (!upload) return;
    const path = joined(
      parentOf(upload.path),
      keepBothName(nameOf(upload.path), (name) => this.#isQueued(upload, name)),
    );
    this.#apply({ type: 'answer', id, answer: choice === 'rename' ? { do: 'rename', path } : { do: choice } });
  }

  #isQueued(upload: Upload, name: string): boolean {
    const path = joined(parentOf(upload.path), name);
    return this.queue.some(
      (other) => other.id !== upload.id && other.storage === upload.storage && other.path === path,
    );
  }

  #apply(event: QueueEvent): void {
    this.queue = reduce(this.queue, event);
    for (const upload of toStart(this.queue, parallel)) {
      this.queue = reduce(this.queue, { type: 'start', id: upload.id });
      void this.#send({ ...upload, state: 'sending' });
    }
    this.#watchLeaving();
    for (const listener of this.#listeners) listener();
  }

  async #send(upload: Upload): Promise<void> {
    const api = this.#host?.api;
    const file = this.#files.get(upload.id);
    if (!api || !file) return;
    const running = new AbortController();
    this.#running.set(upload.id, running);
    try {
      await this.#prepare(api, upload, running.signal);
      await put(api, upload, file, running.signal, (sent) => this.#apply({ type: 'progress', id: upload.id, sent }));
      this.#apply({ type: 'succeed', id: upload.id });
    } catch (error) {
      this.#stopped(upload, error);
    } finally {
      this.#running.delete(upload.id);
    }
  }

  async #prepare(api: ApiClient, upload: Upload, signal: AbortSignal): Promise<void> {
    await this.#ensureFolder(api, upload.storage, parentOf(upload.path));
    if (upload.size < askFirst || upload.overwrite) return;
    if (await isTaken(api, upload, signal)) throw new Taken();
  }

  #stopped(upload: Upload, error: unknown): void {
    const { id } = upload;
    if (isAbort(error)) return this.#apply({ type: 'cancel', id });
    const isClash = error instanceof Taken || (isApiProblem(error) && error.code === 'CONFLICT' && !upload.overwrite);
    if (!isClash) return this.#apply({ type: 'fail', id, problem: error });
    this.#apply({ type: 'clash', id });
    const choice = this.#keepsBoth.has(id) ? 'rename' : this.#standing;
    if (choice) this.#settleClash(id, choice);
  }

  /** Each folder is made once, its parents first; one that is there already is as good. */
  #ensureFolder(api: ApiClient, storage: string, path: string): Promise<void> {
    if (path === '') return Promise.resolve();
    const key = `${storage}/${path}`;
    const known = this.#folders.get(key);
    if (known) return known;
    const made = this.#makeFolder(api, storage, path);
    this.#folders.set(key, made);
    made.catch(() => this.#folders.delete(key));
    return made;
  }

  async #makeFolder(api: ApiClient, storage: string, path: string): Promise<void> {
    if (await isTaken(api, { storage, path })) return;
    await this.#ensureFolder(api, storage, parentOf(path));
    try {
      await api.post(`/storages/${storage}/operations`, { op: 'mkdir', path });
    } catch (error) {
      if (!isApiProblem(error) || error.code !== 'CONFLICT') throw error;
    }
  }

  async #makeEmpty(host: Pick<Host, 'api' | 'toasts'>, storage: string, path: string): Promise<void> {
    try {
      await this.#ensureFolder(host.api, storage, path);
    } catch (error) {
      host.toasts.problem(error, `The folder “${nameOf(path)}” could not be made`);
    }
    for (const listener of this.#listeners) listener();
  }

  /** While something is on its way the browser asks before it closes the page; at the end it is said once. */
  #watchLeaving(): void {
    const isBusy = this.queue.some(isOpen);
    if (isBusy === this.#wasBusy) return;
    this.#wasBusy = isBusy;
    if (isBusy) return addEventListener('beforeunload', holdBack);
    removeEventListener('beforeunload', holdBack);
    this.#standing = undefined;
    this.#keepsBoth.clear();
    this.#folders.clear();
    const { done, failed } = totalsOf(this.queue);
    const words = `${plural(done, 'file is', 'files are')} uploaded${failed > 0 ? `; ${failed} failed` : ''}.`;
    if (done + failed === 0) return;
    if (this.viewers > 0) this.#host?.toasts.announce(words);
    else this.#host?.toasts.show({ text: words, tone: failed > 0 ? 'info' : 'done' });
  }
}

class Taken extends Error {}

function holdBack(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function put(
  api: ApiClient,
  upload: Upload,
  file: File,
  signal: AbortSignal,
  onProgress: (sent: number) => void,
): Promise<FileItem> {
  const query = { path: upload.path, overwrite: upload.overwrite };
  return api.upload<FileItem>(`/storages/${upload.storage}/content`, file, { query, signal, onProgress });
}

async function isTaken(
  api: ApiClient,
  { storage, path }: Pick<Upload, 'storage' | 'path'>,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    await api.get(`/storages/${storage}/files`, { query: { path, limit: 1 }, signal });
    return true;
  } catch (error) {
    if (isApiProblem(error) && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}

/** The one store of the page. */
export const uploads = new UploadStore();
