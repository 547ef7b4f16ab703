import { ContextConsumer } from '@lit/context';
import type { FileItem, Storage } from '@stele/sdk/api';
import { baseStyles, formatNumber, hostContext, type Host } from '@stele/sdk/web';
import { LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';
import { html } from 'lit/static-html.js';
import { nameOf, parentOf } from '../model/paths.ts';
import type { Place } from '../model/place.ts';
import { nothingChosen } from '../model/selection.ts';
import { isServerSorting, type SortKey } from '../model/sort.ts';
import { columnsFor, heightOf, type Rows } from '../model/window.ts';
import { uploads } from '../uploads/store.ts';
import { FileActions } from './actions.ts';
import { choiceBar, columnHeads, placeBar, statusWords, viewItems, type BarActions } from './bars.ts';
import { Chooser } from './chooser.ts';
import { currentClip } from './clipboard.ts';
import { FileCommands } from './commands.ts';
import type { Desk } from './desk.ts';
import { DropZone } from './drop-zone.ts';
import { tags } from './elements.ts';
import { lineOf, tileOf, type Entry } from './entries.ts';
import { Gestures } from './gestures.ts';
import { FolderListing } from './listing.ts';
import { FileMenus } from './menus.ts';
import { folderEmpty, folderFailed, folderLoading } from './states.ts';
import { browserStyles } from './styles.ts';
import { entryStyles } from './entry-styles.ts';
import { VirtualRows } from './virtual-rows.ts';

const tile = { width: 128, height: 148 };
const none: readonly FileItem[] = [];

/** The file manager of one storage. Fires `go` (CustomEvent of a {@link Place}) and `usage`. */
export class FileBrowser extends LitElement implements Desk {
  static override properties: PropertyDeclarations = {
    storage: { attribute: false },
    place: { attribute: false },
    href: { attribute: false },
  };
  static override styles = [baseStyles, browserStyles, entryStyles];

  declare storage: Storage;
  declare place: Place;
  /** URL of a place, for links. */
  declare href: (place: Place) => string;
  readonly listing = new FolderListing(this, () => this.host.api);
  readonly chooser = new Chooser(this);
  readonly #context = new ContextConsumer(this, { context: hostContext });
  readonly #rows = new VirtualRows(
    this,
    () => this.renderRoot.querySelector<HTMLElement>('.rows'),
    () => this.shape,
  );
  readonly #commands = new FileCommands(this);
  readonly #menus = new FileMenus(this, this.#commands);
  readonly #gestures = new Gestures(this, this.#commands, this.#menus);
  readonly #drops = new DropZone(this);
  #opened = '';
  #mustFocus = false;
  #ends: (() => void)[] = [];

  get host(): Host {
    if (!this.#context.value) throw new Error('The file manager is not in the page.');
    return this.#context.value;
  }

  get actions(): FileActions {
    return new FileActions(this.host, this.storage.id, () => void this.listing.refresh());
  }

  get isWritable(): boolean {
    return !this.storage.readOnly && this.storage.rights.use;
  }

  /** Whether all entries have to come before the first can be shown: only then is it known which is first. */
  get #isOrdering(): boolean {
    return !this.listing.isWhole && !isServerSorting(this.place.sorting);
  }

  get #isNarrow(): boolean {
    return this.#rows.width > 0 && this.#rows.width < 560;
  }

  /** How rows lie. What is not read yet has its place already, so that the scroll bar tells the truth. */
  get shape(): Rows {
    const isGrid = this.place?.view === 'grid';
    const count = this.listing.isWhole ? this.chooser.items.length : this.listing.total;
    const columns = isGrid ? columnsFor(this.#rows.width, tile.width, 12) : 1;
    return { count, columns, rowHeight: isGrid ? tile.height : this.#isNarrow ? 60 : 46 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    let done = 0;
    const watch = uploads.onChange(() => {
      const now = uploads.queue.filter(({ state, storage }) => state === 'done' && storage === this.storage?.id).length;
      if (now > done) this.#soon();
      done = now;
    });
    const seen = (): void => {
      if (document.visibilityState === 'visible') void this.listing.refresh();
    };
    document.addEventListener('visibilitychange', seen);
    this.#ends = [watch, () => document.removeEventListener('visibilitychange', seen), () => clearTimeout(this.#timer)];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends.splice(0)) end();
  }

  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Many uploads end at once: the folder is read again when they have settled. */
  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.listing.refresh(), 300);
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const { storage, path, showsHidden, sorting } = this.place;
    const opened = `${storage}/${path}?${showsHidden}`;
    if (storage !== undefined && opened !== this.#opened) {
      const before = (changed.get('place') as Place | undefined)?.path ?? '';
      this.#opened = opened;
      const cameFrom = parentOf(before) === path && before !== '' ? nameOf(before) : undefined;
      this.chooser.selection = { ...nothingChosen, cursor: cameFrom };
      this.#mustFocus ||= this.shadowRoot?.activeElement?.matches('.files') ?? false;
      this.listing.open({ storage, path, showsHidden });
    }
    const { isSorted, isWhole } = this.listing;
    this.chooser.take(this.#isOrdering ? none : this.listing.items, sorting, isSorted || !isWhole);
    if (!isServerSorting(sorting)) this.listing.want(Infinity);
  }

  override updated(): void {
    const { to } = this.#rows.window();
    if (isServerSorting(this.place.sorting)) this.listing.want(to);
    if (this.#mustFocus && this.listing.state !== 'loading') this.#refocus();
    const { entry, usage } = this.listing;
    this.dispatchEvent(new CustomEvent('usage', { detail: usage }));
    if (entry && entry.kind !== 'folder') this.go({ path: parentOf(entry.path), shown: entry.name }, true);
  }

  /** Whoever walks by keyboard goes on in the next folder; in an empty one, on the way to it. */
  #refocus(): void {
    this.#mustFocus = false;
    const files = this.renderRoot.querySelector<HTMLElement>('.files');
    (files ?? this.renderRoot.querySelector<HTMLElement>('nav [aria-current]'))?.focus({ preventScroll: true });
    if (files) void this.showCursor();
  }

  /** Goes to a place in this storage. */
  go(change: Partial<Place>, isReplacing = false): void {
    const isElsewhere = change.path !== undefined && change.path !== this.place.path;
    const next = { ...this.place, ...(isElsewhere ? { shown: undefined } : {}), ...change };
    this.dispatchEvent(new CustomEvent('go', { detail: { place: next, isReplacing } }));
  }

  override render(): TemplateResult {
    const shown = this.chooser.find(this.place.shown);
    const isWide = matchMedia('(min-width: 1080px)').matches;
    const isSplit = shown !== undefined && isWide;
    return html`<div
        class="browser ${this.#isNarrow ? 'narrow' : this.#rows.width < 760 ? 'middle' : ''}"
        @dragover=${this.#drops.over}
        @dragleave=${this.#drops.leave}
        @drop=${this.#drops.drop}
      >
        ${this.#bar()}
        <div class="body ${isSplit ? 'split' : ''}">
          <div>${this.#content()}</div>
          ${isSplit ? html`<aside aria-label="Preview"><div class="inner">${this.#previewHead(shown)}${this.#preview(shown)}</div></aside>` : nothing}
        </div>
        <div class="visually-hidden" role="status">${statusWords(this.shape.count, this.chooser.selection.chosen.size)}</div>
        ${this.#drops.words ? html`<div class="dropping"><span>${this.#drops.words}</span></div>` : nothing}
      </div>
      <stele-sheet label=${this.place.shown ?? ''} .open=${shown !== undefined && !isWide} @close=${() => this.go({ shown: undefined })}>
        ${shown && !isWide ? this.#preview(shown) : nothing}
      </stele-sheet>
      <input type="file" class="hide" id="files" multiple aria-label="Files to upload" @change=${this.#drops.picked} />
      <input type="file" class="hide" id="folder" webkitdirectory aria-label="Folder to upload" @change=${this.#drops.picked} />
      <${tags.menu}></${tags.menu}>
      <${tags.nameDialog}></${tags.nameDialog}>
      <${tags.folderDialog}></${tags.folderDialog}>`;
  }

  #bar(): TemplateResult {
    const { chosen } = this.chooser;
    const state = {
      root: this.storage.name,
      place: this.place,
      isWritable: this.isWritable,
      isNarrow: this.#isNarrow,
      target: this.#drops.target,
    };
    return chosen.length > 0 ? choiceBar(chosen, state, this.#barActions) : placeBar(state, this.#barActions);
  }

  readonly #barActions: BarActions = {
    href: (path) => this.href({ ...this.place, path, shown: undefined }),
    go: (path) => this.go({ path }),
    newFolder: () => this.#commands.newFolder(),
    uploadMenu: (event) => this.#menus.upload(event),
    viewMenu: (event) =>
      this.#menus.below(
        event,
        viewItems(
          this.place,
          (next) => this.go(next, true),
          () => void this.listing.refresh(),
        ),
      ),
    flipView: () => this.go({ view: this.place.view === 'grid' ? 'list' : 'grid' }, true),
    clear: () => {
      this.chooser.selection = { ...nothingChosen, cursor: this.chooser.selection.cursor };
      this.focusFiles();
    },
    download: () => this.actions.download(this.chooser.chosen),
    move: () => this.#commands.moveTo(),
    rename: () => this.#commands.rename(),
    remove: () => this.#commands.remove(),
    more: (event) => this.#menus.below(event, this.#menus.itemMenu()),
  };

  #previewHead({ name }: FileItem): TemplateResult {
    return html`<div class="row">
      <h2 class="grow" dir="auto">${name}</h2>
      <stele-icon-button
        icon="x"
        label="Close the preview"
        @click=${() => this.go({ shown: undefined }, true)}
      ></stele-icon-button>
    </div>`;
  }

  #preview(item: FileItem): TemplateResult {
    return html`<${tags.preview} storage=${this.storage.id} .item=${item}></${tags.preview}>
      ${
        item.kind === 'file'
          ? html`<p style="margin-block-start: var(--stele-space-4)">
              <wa-button appearance="outlined" size="s" @click=${() => this.actions.download([item])}
                ><stele-icon slot="start" name="download"></stele-icon>Download</wa-button
              >
            </p>`
          : nothing
      }`;
  }

  #content(): TemplateResult {
    const { state, error, isWhole } = this.listing;
    if (state === 'failed') {
      const goUp = this.place.path === '' ? undefined : () => this.go({ path: parentOf(this.place.path) });
      return folderFailed(error, () => void this.listing.refresh(), goUp);
    }
    if (state === 'loading') return folderLoading();
    if (isWhole && this.listing.items.length === 0) {
      return folderEmpty(
        this.isWritable,
        () => this.pick('files'),
        () => this.#commands.newFolder(),
      );
    }
    return html`${
      this.#isOrdering
        ? html`<p class="reading numbers small" role="status">
            Reading
            ${formatNumber(this.listing.items.length)}${this.listing.isSorted ? ` of ${formatNumber(this.listing.total)}` : ''}
            entries to put them in order…
          </p>`
        : this.listing.isSorted || isWhole
          ? nothing
          : html`<p class="reading numbers small" role="status">
              The first ${formatNumber(this.listing.items.length)} entries of a large folder, as the store lists them.
              More come as you scroll.
            </p>`
    }${this.#files()}`;
  }

  #files(): TemplateResult {
    const isGrid = this.place.view === 'grid';
    const { cursorAt } = this.chooser;
    const window = this.#rows.window();
    const isDrawn = cursorAt >= window.from && cursorAt < window.to;
    const label = `Files in ${nameOf(this.place.path) || this.storage.name}`;
    const rows = html`<div
      class="rows"
      style=${styleMap({ blockSize: `${heightOf(this.shape)}px` })}
      role="presentation"
    >
      <div class="probe" style=${styleMap(this.#probe(cursorAt))}></div>
      <div class="drawn" role="presentation" style=${styleMap(this.#drawn(window.offset))}>
        ${this.#entries(window.from, window.to)}
      </div>
    </div>`;
    return html`<div
      class="files ${isGrid ? 'tiles' : ''}"
      role=${isGrid ? 'listbox' : 'grid'}
      tabindex="0"
      aria-label=${label}
      aria-multiselectable="true"
      aria-rowcount=${isGrid ? nothing : this.shape.count + 1}
      aria-activedescendant=${isDrawn ? `e${cursorAt}` : nothing}
      @click=${this.#gestures.click}
      @dblclick=${this.#gestures.open}
      @keydown=${this.#gestures.key}
      @contextmenu=${this.#gestures.context}
      @dragstart=${this.#drops.start}
      @dragend=${this.#drops.end}
    >
      ${isGrid || this.#isNarrow ? nothing : columnHeads(this.place, (key) => this.#sort(key))} ${rows}
    </div>`;
  }

  #entries(from: number, to: number): unknown {
    const clip = currentClip();
    const cut = new Set(clip?.isCut && clip.storage === this.storage.id ? clip.paths : []);
    const draw = this.place.view === 'grid' ? tileOf : lineOf;
    const entries = Array.from({ length: Math.max(0, to - from) }, (_, n): Entry => {
      const item = this.chooser.items[from + n];
      return {
        item,
        index: from + n,
        isChosen: item !== undefined && this.chooser.selection.chosen.has(item.name),
        isCursor: item !== undefined && this.chooser.selection.cursor === item.name,
        isTarget: item !== undefined && this.#drops.target === item.path,
        isCut: item !== undefined && cut.has(item.path),
        isDraggable: this.isWritable,
      };
    });
    return repeat(entries, ({ item, index }) => item?.path ?? index, draw);
  }

  #drawn(offset: number): Record<string, string> {
    const { columns } = this.shape;
    const transform = `translateY(${offset}px)`;
    if (this.place.view !== 'grid') return { transform };
    return { transform, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` };
  }

  #probe(at: number): Record<string, string> {
    const { columns, rowHeight } = this.shape;
    return { insetBlockStart: `${Math.floor(Math.max(0, at) / columns) * rowHeight}px`, blockSize: `${rowHeight}px` };
  }

  #sort(key: SortKey): void {
    const { sorting } = this.place;
    const isDescending = sorting.key === key ? !sorting.isDescending : key === 'size' || key === 'modified';
    this.go({ sorting: { key, isDescending } }, true);
  }

  /** Opens the browser's own dialog for files or a folder. */
  pick(what: 'files' | 'folder'): void {
    this.renderRoot.querySelector<HTMLInputElement>(`#${what}`)?.click();
  }

  focusFiles(): void {
    this.renderRoot.querySelector<HTMLElement>('.files')?.focus({ preventScroll: true });
  }

  /** Brings the row of the cursor onto the screen, drawn or not. */
  async showCursor(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector('.probe')?.scrollIntoView({ block: 'nearest' });
  }
}
