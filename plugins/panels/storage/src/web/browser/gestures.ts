import type { FileItem } from '@stele/sdk/api';
import { formatNumber } from '@stele/sdk/web';
import { nameOf, parentOf } from '../model/paths.ts';
import { chooseAll, chooseOnly, nothingChosen, press, startingWith, step, toggle } from '../model/selection.ts';
import type { FileBrowser } from './browser.ts';
import { currentClip, putClip } from './clipboard.ts';
import type { FolderDialog } from './folder-dialog.ts';
import { commandOf, type KeyCommand } from './keys.ts';
import type { FileMenu, MenuItem } from './menu.ts';
import type { NameDialog } from './name-dialog.ts';

/** How long letters that are typed one after the other make one word. */
const typingPause = 800;

/** What hands do in a folder: mouse, finger, keys and menus, turned into selections and actions. */
export class Gestures {
  readonly #browser: FileBrowser;
  #typed = '';
  #typedAt = 0;

  constructor(browser: FileBrowser) {
    this.#browser = browser;
  }

  readonly click = (event: MouseEvent): void => {
    const { chooser } = this.#browser;
    const target = event.target as HTMLElement;
    if (target.closest('.columns')) return;
    const item = this.#itemOf(event);
    if (!item) return void (chooser.selection = nothingChosen);
    if (target.closest('[data-menu]')) return this.#menuOf(item, event);
    if (target.closest('[data-box]')) return void (chooser.selection = toggle(chooser.selection, item.name));
    const isTouch = (event as PointerEvent).pointerType === 'touch';
    if (isTouch && chooser.selection.chosen.size === 0) return this.#openItem(item);
    if (isTouch) return void (chooser.selection = toggle(chooser.selection, item.name));
    const held = { isExtending: event.shiftKey, isAdding: event.ctrlKey || event.metaKey };
    chooser.selection = press(chooser.selection, chooser.order, item.name, held);
    if (this.#browser.place.shown !== undefined && chooser.selection.chosen.size === 1) this.#show(item);
  };

  readonly open = (event: MouseEvent): void => {
    if ((event.target as HTMLElement).closest('[data-box], [data-menu], .columns')) return;
    const item = this.#itemOf(event);
    if (item) this.#openItem(item);
  };

  readonly context = (event: MouseEvent): void => {
    event.preventDefault();
    const { chooser } = this.#browser;
    const item = this.#itemOf(event);
    if (item && !chooser.selection.chosen.has(item.name)) chooser.selection = chooseOnly(item.name);
    if (!item) chooser.selection = nothingChosen;
    this.#menuAt(item ? this.itemMenu() : this.#folderMenu(), { x: event.clientX, y: event.clientY });
  };

  readonly key = (event: KeyboardEvent): void => {
    if ((event.target as HTMLElement).closest('.columns')) return;
    const { shape, chooser } = this.#browser;
    const page = Math.max(1, Math.floor((innerHeight - 160) / shape.rowHeight));
    const isRtl = getComputedStyle(this.#browser).direction === 'rtl';
    const command = commandOf(event, { columns: shape.columns, page, count: chooser.items.length, isRtl });
    if (!command) return;
    event.preventDefault();
    this.#do(command, event);
  };

  #do(command: KeyCommand, event: KeyboardEvent): void {
    const { chooser, place } = this.#browser;
    const held = { isExtending: event.shiftKey, isAdding: event.ctrlKey || event.metaKey };
    switch (command.do) {
      case 'step':
        chooser.selection = step(chooser.selection, chooser.order, command.by, held);
        return this.#followCursor();
      case 'type':
        return this.#type(command.character);
      case 'all':
        return this.#all();
      case 'none':
        chooser.selection = { ...nothingChosen, cursor: chooser.selection.cursor };
        return;
      case 'flip':
        if (chooser.selection.cursor !== undefined)
          chooser.selection = toggle(chooser.selection, chooser.selection.cursor);
        return;
      case 'up':
        if (place.path !== '') this.#browser.go({ path: parentOf(place.path) });
        return;
      default:
        return this.#act(command.do);
    }
  }

  #act(what: Exclude<KeyCommand['do'], 'step' | 'type' | 'all' | 'none' | 'flip' | 'up'>): void {
    const item = this.#browser.chooser.find(this.#browser.chooser.selection.cursor);
    switch (what) {
      case 'open':
        return item && this.#openItem(item);
      case 'show':
        return item && this.#show(item);
      case 'menu':
        return this.#keyMenu();
      case 'copy':
      case 'cut':
        return this.#clip(what === 'cut');
      case 'paste':
        return this.#paste();
      case 'rename':
        return this.rename();
      case 'delete':
        return this.remove();
    }
  }

  newFolder(): void {
    const { actions, place } = this.#browser;
    this.#ask({
      title: 'New folder',
      action: 'Make folder',
      value: '',
      submit: async (name) => {
        await actions.makeFolder(place.path, name);
        this.#browser.chooser.selection = chooseOnly(name);
      },
    });
  }

  rename(): void {
    const { chooser, actions, isWritable } = this.#browser;
    const item = chooser.chosen[0];
    if (!item || !isWritable) return;
    this.#ask({
      title: `Rename “${item.name}”`,
      action: 'Rename',
      value: item.name,
      submit: async (name) => {
        await actions.rename(item, name);
        chooser.selection = chooseOnly(name);
      },
    });
  }

  remove(): void {
    const { chooser, actions, isWritable } = this.#browser;
    if (!isWritable) return;
    void actions.remove(chooser.chosen).then(() => this.#browser.focusFiles());
  }

  moveTo(): void {
    this.#chooseFolder('Move', (paths, folder) => this.#browser.actions.move(paths, folder));
  }

  copyTo(): void {
    this.#chooseFolder('Copy', (paths, folder) => this.#browser.actions.copy(paths, folder));
  }

  uploadMenu(event: Event): void {
    this.menuBelow(event, [
      [
        { title: 'Files…', icon: 'file', run: () => this.#browser.pick('files') },
        { title: 'Folder…', icon: 'folder', run: () => this.#browser.pick('folder') },
      ],
    ]);
  }

  /** A menu below the button that was pressed. */
  menuBelow(event: Event, groups: readonly (readonly MenuItem[])[]): void {
    const button = event.currentTarget as HTMLElement;
    const { left, right, bottom } = button.getBoundingClientRect();
    const isRtl = getComputedStyle(button).direction === 'rtl';
    void this.#menu?.show(groups, { x: isRtl ? left : right - 210, y: bottom + 4 }, button);
  }

  /** What can be done with what is chosen. */
  itemMenu(): readonly (readonly MenuItem[])[] {
    const { chooser, actions, isWritable } = this.#browser;
    const items = chooser.chosen;
    const [first] = items;
    if (!first) return this.#folderMenu();
    const isOne = items.length === 1;
    return [
      [
        ...(isOne && first.kind === 'folder'
          ? [{ title: 'Open', icon: 'folder', key: 'Enter', run: () => this.#openItem(first) }]
          : []),
        ...(isOne && first.kind !== 'folder'
          ? [{ title: 'Preview', icon: 'eye', key: 'Space', run: () => this.#show(first) }]
          : []),
        ...(items.every(({ kind }) => kind === 'file')
          ? [{ title: 'Download', icon: 'download', run: () => actions.download(items) }]
          : []),
      ],
      isWritable
        ? this.#changes(isOne)
        : [{ title: 'Copy', icon: 'copy', key: 'Ctrl C', run: () => this.#clip(false) }],
      isWritable ? [{ title: 'Delete', icon: 'trash', key: 'Del', isDangerous: true, run: () => this.remove() }] : [],
    ];
  }

  #changes(isOne: boolean): readonly MenuItem[] {
    return [
      ...(isOne ? [{ title: 'Rename', icon: 'pen', key: 'F2', run: () => this.rename() }] : []),
      { title: 'Move to…', icon: 'move', run: () => this.moveTo() },
      { title: 'Copy to…', icon: 'copy', run: () => this.copyTo() },
      { title: 'Cut', icon: 'scissors', key: 'Ctrl X', run: () => this.#clip(true) },
      { title: 'Copy', icon: 'copy', key: 'Ctrl C', run: () => this.#clip(false) },
    ];
  }

  #folderMenu(): readonly (readonly MenuItem[])[] {
    const { isWritable, listing } = this.#browser;
    const canPaste = currentClip() !== undefined;
    return [
      isWritable
        ? [
            { title: 'New folder', icon: 'folder-plus', run: () => this.newFolder() },
            { title: 'Upload files…', icon: 'upload', run: () => this.#browser.pick('files') },
            ...(canPaste ? [{ title: 'Paste', icon: 'copy', key: 'Ctrl V', run: () => this.#paste() }] : []),
          ]
        : [],
      [
        { title: 'Choose all', icon: 'list-check', key: 'Ctrl A', run: () => this.#all() },
        { title: 'Read again', icon: 'refresh', run: () => void listing.refresh() },
      ],
    ];
  }

  #chooseFolder(verb: 'Move' | 'Copy', done: (paths: readonly string[], folder: string) => Promise<void>): void {
    const { chooser, storage, place } = this.#browser;
    const paths = chooser.chosen.map(({ path }) => path);
    const title = `${verb} ${paths.length === 1 ? `“${nameOf(paths[0] ?? '')}”` : `${paths.length} entries`}`;
    const mayStay = verb === 'Copy';
    this.#query<FolderDialog>('folder-dialog')?.ask({
      title,
      verb,
      storage,
      start: place.path,
      paths,
      mayStay,
      choose: (folder) => void done(paths, folder),
    });
  }

  #openItem(item: FileItem): void {
    if (item.kind === 'folder') this.#browser.go({ path: item.path });
    else this.#show(item);
  }

  #show(item: FileItem): void {
    const { chooser, place } = this.#browser;
    if (!chooser.selection.chosen.has(item.name)) chooser.selection = chooseOnly(item.name);
    if (place.shown !== item.name) this.#browser.go({ shown: item.name }, place.shown !== undefined);
  }

  #followCursor(): void {
    const { chooser, place } = this.#browser;
    void this.#browser.showCursor();
    const item = chooser.find(chooser.selection.cursor);
    if (place.shown !== undefined && item && chooser.selection.chosen.size === 1) this.#show(item);
  }

  #type(character: string): void {
    const now = Date.now();
    this.#typed = now - this.#typedAt > typingPause ? character : this.#typed + character;
    this.#typedAt = now;
    const { chooser } = this.#browser;
    chooser.selection = startingWith(chooser.selection, chooser.order, this.#typed);
    this.#followCursor();
  }

  #all(): void {
    const { chooser, listing } = this.#browser;
    chooser.selection = chooseAll(chooser.selection, chooser.order);
    if (listing.isWhole) return;
    // Only what is here can be chosen: the rest is read, and can be chosen by pressing again.
    listing.want(Infinity);
    this.#browser.host.toasts.show({
      text: `The first ${formatNumber(chooser.order.length)} entries are chosen; the rest is being read.`,
    });
  }

  #clip(isCut: boolean): void {
    const { chooser, storage, isWritable } = this.#browser;
    const paths = chooser.chosen.map(({ path }) => path);
    if (paths.length === 0) return;
    putClip({ storage: storage.id, paths, isCut: isCut && isWritable });
    this.#browser.host.toasts.announce(`${paths.length} ${isCut ? 'cut' : 'copied'}. Paste them with Control V.`);
    this.#browser.requestUpdate();
  }

  #paste(): void {
    const { storage, place, isWritable, actions, host } = this.#browser;
    const clip = currentClip();
    if (!clip || !isWritable) return;
    if (clip.storage !== storage.id) {
      host.toasts.show({
        text: 'Files can’t go from one storage to another yet. Download them, then upload them here.',
      });
      return;
    }
    if (clip.isCut) putClip(undefined);
    void (clip.isCut ? actions.move(clip.paths, place.path) : actions.copy(clip.paths, place.path));
  }

  #menuOf(item: FileItem, event: MouseEvent): void {
    const { chooser } = this.#browser;
    if (!chooser.selection.chosen.has(item.name)) chooser.selection = chooseOnly(item.name);
    this.#menuAt(this.itemMenu(), { x: event.clientX, y: event.clientY });
  }

  #keyMenu(): void {
    const { chooser, renderRoot } = this.#browser;
    const row = renderRoot.querySelector(`#e${chooser.cursorAt}`) ?? renderRoot.querySelector('.files');
    const { left, bottom } = (row ?? this.#browser).getBoundingClientRect();
    this.#menuAt(this.itemMenu(), { x: left + 48, y: bottom });
  }

  #menuAt(groups: readonly (readonly MenuItem[])[], at: { x: number; y: number }): void {
    const files = this.#browser.renderRoot.querySelector<HTMLElement>('.files') ?? this.#browser;
    void this.#menu?.show(groups, at, files);
  }

  #ask(question: Parameters<NameDialog['ask']>[0]): void {
    void this.#query<NameDialog>('name-dialog')?.ask(question);
  }

  get #menu(): FileMenu | undefined {
    return this.#query<FileMenu>('file-menu');
  }

  /** An element of ours: its tag begins with this name. */
  #query<T extends Element>(name: string): T | undefined {
    return [...this.#browser.renderRoot.children].find((child) => child.localName.startsWith(`${name}-`)) as
      T | undefined;
  }

  #itemOf(event: Event): FileItem | undefined {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-at]');
    return row ? this.#browser.chooser.items[Number(row.dataset['at'])] : undefined;
  }
}
