import { type Call, hasCode, isSteleError, type OpenStorage, type StageTree, SteleError } from '@stele/sdk';
import { join } from '@stele/sdk/trees';
import type { Viewer } from '../accounts/index.ts';
import type { StagedState, StagingPlan } from '../model/index.ts';
import type { StagerParts, StagingChange, StagingRow } from './parts.ts';
import { Progress } from './progress.ts';
import { demandRoom, missingBytes, type Source } from './room.ts';
import { below, byPath, bytesOf, entriesIn, mostEntries, survey, type Survey } from './survey.ts';
import { ensureFolder, transfer } from './transfer.ts';
import { progressWords } from './words.ts';

/** How trees call what isn't whole yet. */
const draft = /(?:^|\/)\.stele-[\w-]+\.part$/;

/** What a folder of a task's own is called, for people. */
const ownFolder = 'The task’s own folder';

/** One step of one task: what it copies, and what it writes down. */
export class Work {
  readonly #parts: StagerParts;
  readonly #row: StagingRow;
  readonly #plan: StagingPlan;
  readonly #staged: StagedState;
  readonly #signal: AbortSignal;

  constructor(parts: StagerParts, row: StagingRow, plan: StagingPlan, staged: StagedState, signal: AbortSignal) {
    this.#parts = parts;
    this.#row = row;
    this.#plan = plan;
    this.#staged = staged;
    this.#signal = signal;
  }

  /** Brings in what was asked for, and makes the folder for what is to be brought back. */
  async bringIn(): Promise<void> {
    await using stack = new AsyncDisposableStack();
    const mounted = stack.use(await this.#workspace());
    const folder = await this.#folders(mounted);
    const sources = await this.#sources(stack);
    const there = sizesOf(await survey(mounted, folder, this.#signal));
    await demandRoom(
      mounted,
      this.#plan.workspace?.storageName ?? ownFolder,
      missingBytes(sources, there),
      this.#signal,
    );
    const progress = this.#progress('in', sources, false);
    try {
      for (const { place, tree, found } of sources) {
        const isThere = (path: string, size: number): boolean => there.get(below(place.as, path)) === size;
        const move = { from: tree, root: place.path, found, to: mounted, target: join(folder, place.as) };
        await this.#transfer({ ...move, progress, isThere });
      }
      await this.#dropDrafts(mounted, folder, there);
    } finally {
      await progress.end();
    }
    await this.#change((staged) => ({ staged: { ...staged, in: progress.after('done') }, reason: null }));
  }

  /** Brings back what lies in the task's folder. What it has brought before is replaced. */
  async bringBack(): Promise<void> {
    const { out } = this.#plan;
    if (!out) return;
    const isLast = this.#row.phase === 'ended';
    await using stack = new AsyncDisposableStack();
    const mounted = stack.use(await this.#workspace());
    const root = join(this.#root, 'out');
    const found = await survey(mounted, root, this.#signal);
    // While the task runs anything may change behind us: only of an ended one a run that was cut goes on where it was.
    const progress = this.#progress('out', [{ found }], isLast);
    const upTo = isLast ? this.#staged.out?.upTo : undefined;
    const isThere = (path: string): boolean => upTo !== undefined && byPath(path, upTo) <= 0;
    try {
      if (found.files.length + found.folders.length > 0) {
        const tree = stack.use(await this.#open(out.storage));
        const rest = found.files.filter(({ path }) => !isThere(path));
        await demandRoom(tree, out.storageName, bytesOf(rest), this.#signal);
        await this.#transfer({ from: mounted, root, found, to: tree, target: out.folder, progress, isThere });
      }
    } finally {
      await progress.end();
    }
    await this.#change((staged) => ({ staged: { ...staged, out: progress.after(isLast ? 'done' : 'idle') } }));
  }

  /** Removes the task's folder from the workspace. */
  async clear(): Promise<void> {
    try {
      await this.#remove();
    } catch (error) {
      if (hasCode(error, 'UNREACHABLE') || !isSteleError(error)) throw error;
      // Gone with its storage or by the user's hand; or files of another account, which only that one can remove.
      if (!hasCode(error, 'NOT_FOUND')) this.#parts.log.warn('a folder of a task stays', { task: this.#row.id, error });
    }
    await this.#change((staged) => ({ staged: { ...staged, isCleared: true } }));
  }

  async #remove(): Promise<void> {
    if (!this.#plan.workspace) return this.#parts.own.remove(this.#row.id, this.#signal);
    await using mounted = await this.#workspace();
    await mounted.remove(this.#root, this.#signal);
  }

  /** What is brought in, and what lies in it; open for as long as the stack is. */
  async #sources(stack: AsyncDisposableStack): Promise<readonly Source[]> {
    const sources = [];
    let room = mostEntries;
    for (const place of this.#plan.in) {
      const tree = stack.use(await this.#open(place.storage));
      const found = await survey(tree, place.path, this.#signal, room);
      room -= entriesIn(found);
      sources.push({ place, tree, found });
    }
    return sources;
  }

  async #folders(mounted: StageTree): Promise<string> {
    const path = this.#root;
    await ensureFolder(mounted, path.slice(0, Math.max(0, path.lastIndexOf('/'))), this.#signal);
    const folders = [path, join(path, 'in'), ...(this.#plan.out ? [join(path, 'out')] : [])];
    for (const folder of folders) await ensureFolder(mounted, folder, this.#signal);
    return join(path, 'in');
  }

  /**
   * What was begun by tries that were cut has no place among what the task finds. Nothing else is removed: whoever may write to the
   * storage may have put a link to other files there.
   */
  async #dropDrafts(mounted: StageTree, folder: string, there: ReadonlyMap<string, number>): Promise<void> {
    for (const path of there.keys()) if (draft.test(path)) await mounted.remove(join(folder, path), this.#signal);
  }

  #transfer({ from, root, found, to, target, progress, isThere }: Move): Promise<void> {
    return transfer(
      {
        ...{ from, root, survey: found, to, target },
        isThere: ({ path, size }) => isThere(path, size),
        moved: (bytes) => progress.moved(bytes),
        done: ({ path }) => {
          this.#parts.fence.demand();
          progress.done(path);
        },
      },
      this.#signal,
    );
  }

  #progress(way: 'in' | 'out', from: readonly Pick<Source, 'found'>[], keepsPlace: boolean): Progress {
    const surveys = from.map(({ found }) => found);
    return new Progress(surveys, keepsPlace, (stage) =>
      this.#change((staged) => ({
        staged: { ...staged, [way]: stage },
        ...(way === 'in' ? { reason: `Files are brought in: ${progressWords(stage)}.` } : {}),
      })).catch((error: unknown) => this.#parts.log.debug('progress of staging', { error })),
    );
  }

  /** Nothing of a task that went on without us is changed. */
  async #change(change: (staged: StagedState) => StagingChange): Promise<void> {
    const { phase } = this.#row;
    await this.#parts.store.change(this.#row.id, (fresh) =>
      fresh.staged && (phase !== 'submitting' || fresh.phase === 'submitting') ? change(fresh.staged) : {},
    );
  }

  async #open(storage: string): Promise<OpenStorage> {
    return this.#parts.storages.open(await this.#viewer(), storage, this.#call);
  }

  /** The task's folder: in what it mounts, or all of one of its own. */
  get #root(): string {
    return this.#plan.workspace?.path ?? '';
  }

  async #workspace(): Promise<StageTree & AsyncDisposable> {
    // Who may do nothing any more has nothing copied, wherever it lies.
    if (!this.#plan.workspace) return this.#viewer().then(() => this.#parts.own.open(this.#row.id, this.#signal));
    return this.#parts.storages.openMounted(await this.#viewer(), this.#plan.workspace.storage, this.#call);
  }

  get #call(): Call {
    const { id, username: name } = this.#row.owner;
    return { who: { kind: 'user', id, name }, log: this.#parts.log, signal: this.#signal };
  }

  async #viewer(): Promise<Viewer> {
    const viewer = await this.#parts.viewerOf(this.#row.owner.id);
    if (viewer) return viewer;
    throw new SteleError('DENIED', 'The account that this task belongs to is disabled.');
  }
}

interface Move {
  readonly from: StageTree;
  readonly root: string;
  readonly found: Survey;
  readonly to: StageTree;
  readonly target: string;
  readonly progress: Progress;
  readonly isThere: (path: string, size: number) => boolean;
}

const sizesOf = ({ files }: Survey): ReadonlyMap<string, number> =>
  new Map(files.map(({ path, size }) => [path, size]));
