import { type Duplex, Readable } from 'node:stream';
import type { ByteRange, FileEntry, FilePage, FileUsage, ListOptions, StageTree, WriteOptions } from '@stele/sdk';
import { hasCode, SteleError } from '@stele/sdk';
import { entryOf, listedOf, refusalOf, usageOf } from './answers.ts';
import { Session } from './session.ts';

/** Entries of one page, unless somebody asks for another number. */
const pageLength = 200;

/** A task's own folder, by scripts that run where it is: as many as there are questions at a time. */
export class ScriptedTree implements StageTree {
  readonly #open: (signal: AbortSignal) => Promise<Duplex>;
  readonly #over = new AbortController();
  readonly #idle: Session[] = [];
  /** The folder that is being read page by page. */
  #listed: { readonly path: string; readonly entries: readonly FileEntry[] } | undefined;

  /** @param open runs the script */
  constructor(open: (signal: AbortSignal) => Promise<Duplex>) {
    this.#open = open;
  }

  /** Ends all that runs. */
  close(): void {
    this.#over.abort(new SteleError('UNREACHABLE', 'The task’s folder was closed.'));
    for (const session of this.#idle.splice(0)) session.destroy();
  }

  async list(path: string, options: ListOptions, signal: AbortSignal): Promise<FilePage> {
    const { cursor, limit = pageLength, hidden = false } = options;
    const start = Number(cursor ?? 0);
    const isGoingOn = cursor !== undefined && this.#listed?.path === path;
    const entries = isGoingOn ? this.#listed?.entries : await this.#entries(path, signal);
    this.#listed = { path, entries: entries ?? [] };
    const shown = this.#listed.entries.filter(({ name }) => hidden || !name.startsWith('.'));
    const end = start + limit;
    return { items: shown.slice(start, end), ...(end < shown.length ? { next: String(end) } : {}) };
  }

  async stat(path: string, signal: AbortSignal): Promise<FileEntry> {
    return entryOf(await this.#ask('stat', path, signal), path);
  }

  async read(path: string, range: ByteRange | undefined, signal: AbortSignal): Promise<Readable> {
    const { size } = await this.stat(path, signal);
    const last = Math.min(range?.end ?? size - 1, size - 1);
    const start = range?.start ?? 0;
    return Readable.from(this.#content(path, start, last + 1, signal), { objectMode: false });
  }

  async write(
    path: string,
    content: AsyncIterable<Uint8Array>,
    { size, offset, overwrite }: WriteOptions & { readonly size: number },
    signal: AbortSignal,
  ): Promise<void> {
    if (offset !== undefined) throw new SteleError('UNSUPPORTED', 'Files in the task’s folder are written whole.');
    if (overwrite !== true) await this.#demandAbsent(path, signal);
    await this.#with(
      signal,
      async (session) => {
        session.say('write', path, size);
        let isRefused = false;
        const answer = session.answer(path);
        // A full disk is said before all has come.
        answer.catch(() => (isRefused = true));
        let left = size;
        for await (const chunk of content) {
          left -= chunk.length;
          if (left < 0 || isRefused) break;
          await session.send(chunk, signal);
        }
        // The script waits for what isn't there, or has more than it took: it can't be asked anything else.
        if (left !== 0 && !isRefused) throw new SteleError('UNREACHABLE', `“${path}” has another size than it had.`);
        await answer;
      },
      true,
    );
  }

  async #demandAbsent(path: string, signal: AbortSignal): Promise<void> {
    try {
      await this.stat(path, signal);
    } catch (error) {
      if (hasCode(error, 'NOT_FOUND')) return;
      throw error;
    }
    throw refusalOf('File exists', path);
  }

  async makeFolder(path: string, signal: AbortSignal): Promise<FileEntry> {
    await this.#ask('folder', path, signal);
    return this.stat(path, signal);
  }

  async remove(path: string, signal: AbortSignal): Promise<void> {
    await this.#ask('remove', path, signal);
  }

  async usage(signal: AbortSignal): Promise<FileUsage | undefined> {
    return usageOf(await this.#ask('room', '', signal));
  }

  #ask(operation: string, path: string, signal: AbortSignal): Promise<string> {
    return this.#with(signal, (session) => {
      session.say(operation, path);
      return session.answer(path);
    });
  }

  #entries(path: string, signal: AbortSignal): Promise<readonly FileEntry[]> {
    return this.#with(signal, async (session) => {
      session.say('list', path);
      const entries: FileEntry[] = [];
      for (let line = await session.line(); !/^(?:ok$|no )/.test(line); line = await session.line()) {
        entries.push(listedOf(line, path));
      }
      return entries;
    });
  }

  /** All up to `end`, of which what comes before `start` isn't shown. */
  async *#content(path: string, start: number, end: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    const session = await this.#take(signal);
    using _ = this.#ending(session, signal);
    let isWhole = false;
    try {
      session.say('read', path, end);
      await session.answer(path);
      let at = 0;
      for await (const chunk of session.bytes(end)) {
        const from = Math.max(0, start - at);
        at += chunk.length;
        if (from < chunk.length) yield chunk.subarray(from);
      }
      await session.answer(path);
      isWhole = true;
    } finally {
      this.#put(session, isWhole);
    }
  }

  async #with<T>(signal: AbortSignal, work: (session: Session) => Promise<T>, isSending = false): Promise<T> {
    const session = await this.#take(signal);
    using _ = this.#ending(session, signal);
    try {
      const result = await work(session);
      this.#put(session, true);
      return result;
    } catch (error) {
      // A plain refusal is an answer, and the next thing can be asked; unless it came while something was still being sent.
      this.#put(session, !isSending && hasCode(error, 'NOT_FOUND', 'CONFLICT'));
      throw error;
    }
  }

  async #take(signal: AbortSignal): Promise<Session> {
    signal.throwIfAborted();
    this.#over.signal.throwIfAborted();
    const idle = this.#idle.pop();
    if (idle?.isAtRest === true) return idle;
    return new Session(await this.#open(AbortSignal.any([signal, this.#over.signal])));
  }

  #put(session: Session, isWell: boolean): void {
    if (isWell && session.isAtRest && !this.#over.signal.aborted) this.#idle.push(session);
    else session.destroy();
  }

  /** Ends the session when somebody gives up, until the work is over. */
  #ending(session: Session, signal: AbortSignal): Disposable {
    const until = AbortSignal.any([signal, this.#over.signal]);
    const end = (): void => session.destroy();
    until.addEventListener('abort', end, { once: true });
    return { [Symbol.dispose]: () => until.removeEventListener('abort', end) };
  }
}
