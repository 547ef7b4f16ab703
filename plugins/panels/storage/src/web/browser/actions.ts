import type { FileItem, FileList, FileOperation } from '@stele/sdk/api';
import { confirm, isApiProblem, plural, type Host } from '@stele/sdk/web';
import { joined, keepBothName, nameOf, parentOf } from '../model/paths.ts';

/** From where to where one entry went. */
interface Step {
  readonly from: string;
  readonly to: string;
}

/** What users do with files, with its questions and words. Everything that changed is told by `changed`. */
export class FileActions {
  readonly #host: Pick<Host, 'api' | 'toasts'>;
  readonly #storage: string;
  readonly #changed: () => void;

  constructor(host: Pick<Host, 'api' | 'toasts'>, storage: string, changed: () => void) {
    this.#host = host;
    this.#storage = storage;
    this.#changed = changed;
  }

  async makeFolder(folder: string, name: string): Promise<void> {
    await this.#operate({ op: 'mkdir', path: joined(folder, name) });
    this.#changed();
  }

  async rename(item: FileItem, name: string): Promise<void> {
    if (name === item.name) return;
    const step = { from: item.path, to: joined(parentOf(item.path), name) };
    await this.#operate({ op: 'move', ...step });
    this.#changed();
    this.#offerUndo(`“${item.name}” is now “${name}”.`, [step]);
  }

  async move(paths: readonly string[], folder: string): Promise<void> {
    const going = paths.filter((path) => parentOf(path) !== folder);
    const done = await this.#place('move', going, folder);
    if (done.length > 0) this.#offerUndo(`${this.#words(done)} moved to “${nameOf(folder) || 'the start'}”.`, done);
  }

  async copy(paths: readonly string[], folder: string): Promise<void> {
    const done = await this.#place('copy', paths, folder);
    if (done.length > 0) this.#host.toasts.show({ text: `${this.#words(done)} copied.`, tone: 'done' });
  }

  async remove(items: readonly FileItem[]): Promise<void> {
    if (items.length === 0 || !(await this.#isSure(items))) return;
    let done = 0;
    try {
      for (const { path } of items) {
        await this.#operate({ op: 'remove', path });
        done++;
      }
      const words = done === 1 ? `“${items[0]?.name}” is` : `${plural(done, 'entry is', 'entries are')}`;
      this.#host.toasts.show({ text: `${words} deleted.`, tone: 'done' });
    } catch (error) {
      this.#host.toasts.problem(error, `“${items[done]?.name}” could not be deleted`);
    } finally {
      this.#changed();
    }
  }

  /** The browser saves it: the server sends every file as an attachment. */
  download(items: readonly FileItem[]): void {
    for (const { path, kind, name } of items) {
      if (kind !== 'file') continue;
      const link = document.createElement('a');
      link.href = this.#host.api.url(`/storages/${this.#storage}/content`, { path });
      link.download = name;
      link.click();
    }
  }

  async #place(op: 'move' | 'copy', paths: readonly string[], folder: string): Promise<Step[]> {
    const done: Step[] = [];
    const taken: string[] = [];
    try {
      for (const from of paths) {
        const isHere = parentOf(from) === folder;
        const step = await this.#try(
          op,
          from,
          joined(folder, isHere ? keepBothName(nameOf(from), () => false) : nameOf(from)),
        );
        if (step) done.push(step);
        else taken.push(from);
      }
      if (taken.length > 0 && (await this.#keepBoth(taken, folder))) {
        for (const from of taken) done.push(await this.#beside(op, from, folder));
      }
    } catch (error) {
      this.#host.toasts.problem(error, `Not everything could be ${op === 'move' ? 'moved' : 'copied'}`);
    }
    if (done.length > 0) this.#changed();
    return done;
  }

  /** @returns `undefined` when the name is taken */
  async #try(op: 'move' | 'copy', from: string, to: string): Promise<Step | undefined> {
    try {
      await this.#operate({ op, from, to });
      return { from, to };
    } catch (error) {
      if (isApiProblem(error) && error.code === 'CONFLICT') return undefined;
      throw error;
    }
  }

  async #beside(op: 'move' | 'copy', from: string, folder: string): Promise<Step> {
    const tried = new Set<string>();
    for (;;) {
      const name = keepBothName(nameOf(from), (other) => tried.has(other));
      tried.add(name);
      const step = await this.#try(op, from, joined(folder, name));
      if (step) return step;
    }
  }

  #keepBoth(taken: readonly string[], folder: string): Promise<boolean> {
    const one = taken.length === 1;
    return confirm({
      title: one ? `“${nameOf(taken[0] ?? '')}” is there already` : `${taken.length} names are there already`,
      text: `“${nameOf(folder) || 'The start'}” has ${one ? 'something of this name' : 'entries of these names'}. Keep both, with a number behind the new name?`,
      action: 'Keep both',
    });
  }

  async #isSure(items: readonly FileItem[]): Promise<boolean> {
    const folders = items.filter(({ kind }) => kind === 'folder');
    const inside = await Promise.all(folders.slice(0, 20).map(({ path }) => this.#count(path)));
    const full = inside.filter((count) => count > 0);
    const title =
      items.length === 1 ? `Delete “${items[0]?.name}”?` : `Delete ${plural(items.length, 'entry', 'entries')}?`;
    const isMany = items.length > 1 && full.length > 0;
    return confirm({
      title,
      text: lossWords(items.length, folders.length, full),
      action: 'Delete',
      dangerous: true,
      ...(isMany ? { typed: 'delete' } : {}),
    });
  }

  async #count(path: string): Promise<number> {
    try {
      const page = await this.#host.api.get<FileList>(`/storages/${this.#storage}/files`, {
        query: { path, limit: 1, hidden: true },
      });
      return page.total ?? page.items.length;
    } catch {
      // Nobody can tell: it is asked as for a folder with something in it.
      return 1;
    }
  }

  async #undo(steps: readonly Step[]): Promise<void> {
    try {
      for (const { from, to } of steps.toReversed()) await this.#operate({ op: 'move', from: to, to: from });
    } catch (error) {
      this.#host.toasts.problem(error, 'It could not be undone');
    }
    this.#changed();
  }

  #offerUndo(text: string, steps: readonly Step[]): void {
    this.#host.toasts.show({ text, tone: 'done', action: { label: 'Undo', run: () => void this.#undo(steps) } });
  }

  #words(steps: readonly Step[]): string {
    return steps.length === 1
      ? `“${nameOf(steps[0]?.to ?? '')}” is`
      : `${plural(steps.length, 'entry is', 'entries are')}`;
  }

  #operate(operation: FileOperation): Promise<unknown> {
    return this.#host.api.post(`/storages/${this.#storage}/operations`, operation);
  }
}

function lossWords(count: number, folders: number, full: readonly number[]): string {
  if (full.length === 0) return `${count === 1 ? 'It is' : 'They are'} gone for good: there is no waste bin here.`;
  const inside = full.reduce((sum, entries) => sum + entries, 0);
  const which = count === 1 ? 'The folder has' : `${plural(folders, 'folder is', 'folders are')} among them, with`;
  return `${which} ${plural(inside, 'entry', 'entries')} inside, which may hold more. All of it is gone for good: there is no waste bin here.`;
}
