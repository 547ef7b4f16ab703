import type { FileItem } from '@stele/sdk/api';
import { chooseOnly } from '../model/selection.ts';
import { currentClip } from './clipboard.ts';
import type { FileCommands } from './commands.ts';
import { partOf, type Desk } from './desk.ts';
import type { FileMenu, MenuItem } from './menu.ts';

/** The menus of a folder: what they offer, and where they open. */
export class FileMenus {
  readonly #desk: Desk;
  readonly #commands: FileCommands;

  constructor(desk: Desk, commands: FileCommands) {
    this.#desk = desk;
    this.#commands = commands;
  }

  upload(event: Event): void {
    this.below(event, [
      [
        { title: 'Files…', icon: 'file', run: () => this.#desk.pick('files') },
        { title: 'Folder…', icon: 'folder', run: () => this.#desk.pick('folder') },
      ],
    ]);
  }

  /** A menu below the button that was pressed. */
  below(event: Event, groups: readonly (readonly MenuItem[])[]): void {
    const button = event.currentTarget as HTMLElement;
    const { left, right, bottom } = button.getBoundingClientRect();
    const isRtl = getComputedStyle(button).direction === 'rtl';
    void partOf<FileMenu>(this.#desk, 'file-menu')?.show(
      groups,
      { x: isRtl ? left : right - 210, y: bottom + 4 },
      button,
    );
  }

  /** What can be done with what is chosen. */
  itemMenu(): readonly (readonly MenuItem[])[] {
    const { chooser, actions, isWritable } = this.#desk;
    const items = chooser.chosen;
    const [first] = items;
    if (!first) return this.folderMenu();
    const isOne = items.length === 1;
    return [
      [
        ...(isOne && first.kind === 'folder'
          ? [{ title: 'Open', icon: 'folder', key: 'Enter', run: () => this.#commands.open(first) }]
          : []),
        ...(isOne && first.kind !== 'folder'
          ? [{ title: 'Preview', icon: 'eye', key: 'Space', run: () => this.#commands.show(first) }]
          : []),
        ...(items.every(({ kind }) => kind === 'file')
          ? [{ title: 'Download', icon: 'download', run: () => actions.download(items) }]
          : []),
      ],
      isWritable
        ? this.#changes(isOne)
        : [{ title: 'Copy', icon: 'copy', key: 'Ctrl C', run: () => this.#commands.clip(false) }],
      isWritable
        ? [{ title: 'Delete', icon: 'trash', key: 'Del', isDangerous: true, run: () => this.#commands.remove() }]
        : [],
    ];
  }

  #changes(isOne: boolean): readonly MenuItem[] {
    return [
      ...(isOne ? [{ title: 'Rename', icon: 'pen', key: 'F2', run: () => this.#commands.rename() }] : []),
      { title: 'Move to…', icon: 'move', run: () => this.#commands.moveTo() },
      { title: 'Copy to…', icon: 'copy', run: () => this.#commands.copyTo() },
      { title: 'Cut', icon: 'scissors', key: 'Ctrl X', run: () => this.#commands.clip(true) },
      { title: 'Copy', icon: 'copy', key: 'Ctrl C', run: () => this.#commands.clip(false) },
    ];
  }

  /** What can be done where nothing is chosen. */
  folderMenu(): readonly (readonly MenuItem[])[] {
    const { isWritable, listing } = this.#desk;
    const canPaste = currentClip() !== undefined;
    return [
      isWritable
        ? [
            { title: 'New folder', icon: 'folder-plus', run: () => this.#commands.newFolder() },
            { title: 'Upload files…', icon: 'upload', run: () => this.#desk.pick('files') },
            ...(canPaste ? [{ title: 'Paste', icon: 'copy', key: 'Ctrl V', run: () => this.#commands.paste() }] : []),
          ]
        : [],
      [
        { title: 'Choose all', icon: 'list-check', key: 'Ctrl A', run: () => this.#commands.all() },
        { title: 'Read again', icon: 'refresh', run: () => void listing.refresh() },
      ],
    ];
  }

  /** The menu of one entry, where it was pressed. */
  ofItem(item: FileItem, event: MouseEvent): void {
    const { chooser } = this.#desk;
    if (!chooser.selection.chosen.has(item.name)) chooser.selection = chooseOnly(item.name);
    this.at(this.itemMenu(), { x: event.clientX, y: event.clientY });
  }

  /** The menu of what is chosen, asked for by a key: below the cursor. */
  atCursor(): void {
    const { chooser, renderRoot } = this.#desk;
    const row = renderRoot.querySelector(`#e${chooser.cursorAt}`) ?? renderRoot.querySelector('.files');
    const { left, bottom } = (row ?? this.#desk).getBoundingClientRect();
    this.at(this.itemMenu(), { x: left + 48, y: bottom });
  }

  /** A menu at a point; the focus goes back to the files. */
  at(groups: readonly (readonly MenuItem[])[], at: { x: number; y: number }): void {
    const files = this.#desk.renderRoot.querySelector<HTMLElement>('.files') ?? this.#desk;
    void partOf<FileMenu>(this.#desk, 'file-menu')?.show(groups, at, files);
  }
}
