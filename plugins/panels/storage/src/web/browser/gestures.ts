import type { FileItem } from '@stele/sdk/api';
import { parentOf } from '../model/paths.ts';
import { chooseOnly, nothingChosen, press, startingWith, step, toggle } from '../model/selection.ts';
import type { FileCommands } from './commands.ts';
import type { Desk } from './desk.ts';
import { commandOf, type KeyCommand } from './keys.ts';
import type { FileMenus } from './menus.ts';

/** How long letters that are typed one after the other make one word. */
const typingPause = 800;

/** What hands do in a folder: mouse, finger and keys, turned into selections and commands. */
export class Gestures {
  readonly #desk: Desk;
  readonly #commands: FileCommands;
  readonly #menus: FileMenus;
  #typed = '';
  #typedAt = 0;

  constructor(desk: Desk, commands: FileCommands, menus: FileMenus) {
    this.#desk = desk;
    this.#commands = commands;
    this.#menus = menus;
  }

  readonly click = (event: MouseEvent): void => {
    const { chooser } = this.#desk;
    const target = event.target as HTMLElement;
    if (target.closest('.columns')) return;
    const item = this.#itemOf(event);
    if (!item) return void (chooser.selection = nothingChosen);
    if (target.closest('[data-menu]')) return this.#menus.ofItem(item, event);
    if (target.closest('[data-box]')) return void (chooser.selection = toggle(chooser.selection, item.name));
    const isTouch = (event as PointerEvent).pointerType === 'touch';
    if (isTouch && chooser.selection.chosen.size === 0) return this.#commands.open(item);
    if (isTouch) return void (chooser.selection = toggle(chooser.selection, item.name));
    const held = { isExtending: event.shiftKey, isAdding: event.ctrlKey || event.metaKey };
    chooser.selection = press(chooser.selection, chooser.order, item.name, held);
    if (this.#desk.place.shown !== undefined && chooser.selection.chosen.size === 1) this.#commands.show(item);
  };

  readonly open = (event: MouseEvent): void => {
    if ((event.target as HTMLElement).closest('[data-box], [data-menu], .columns')) return;
    const item = this.#itemOf(event);
    if (item) this.#commands.open(item);
  };

  readonly context = (event: MouseEvent): void => {
    event.preventDefault();
    const { chooser } = this.#desk;
    const item = this.#itemOf(event);
    if (item && !chooser.selection.chosen.has(item.name)) chooser.selection = chooseOnly(item.name);
    if (!item) chooser.selection = nothingChosen;
    this.#menus.at(item ? this.#menus.itemMenu() : this.#menus.folderMenu(), { x: event.clientX, y: event.clientY });
  };

  readonly key = (event: KeyboardEvent): void => {
    if ((event.target as HTMLElement).closest('.columns')) return;
    const { shape, chooser } = this.#desk;
    const page = Math.max(1, Math.floor((innerHeight - 160) / shape.rowHeight));
    const isRtl = getComputedStyle(this.#desk).direction === 'rtl';
    const command = commandOf(event, { columns: shape.columns, page, count: chooser.items.length, isRtl });
    if (!command) return;
    event.preventDefault();
    this.#do(command, event);
  };

  #do(command: KeyCommand, event: KeyboardEvent): void {
    const { chooser, place } = this.#desk;
    const held = { isExtending: event.shiftKey, isAdding: event.ctrlKey || event.metaKey };
    switch (command.do) {
      case 'step':
        chooser.selection = step(chooser.selection, chooser.order, command.by, held);
        return this.#followCursor();
      case 'type':
        return this.#type(command.character);
      case 'all':
        return this.#commands.all();
      case 'none':
        chooser.selection = { ...nothingChosen, cursor: chooser.selection.cursor };
        return;
      case 'flip':
        if (chooser.selection.cursor !== undefined)
          chooser.selection = toggle(chooser.selection, chooser.selection.cursor);
        return;
      case 'up':
        if (place.path !== '') this.#desk.go({ path: parentOf(place.path) });
        return;
      default:
        return this.#act(command.do);
    }
  }

  #act(what: Exclude<KeyCommand['do'], 'step' | 'type' | 'all' | 'none' | 'flip' | 'up'>): void {
    const item = this.#desk.chooser.find(this.#desk.chooser.selection.cursor);
    switch (what) {
      case 'open':
        return item && this.#commands.open(item);
      case 'show':
        return item && this.#commands.show(item);
      case 'menu':
        return this.#menus.atCursor();
      case 'copy':
      case 'cut':
        return this.#commands.clip(what === 'cut');
      case 'paste':
        return this.#commands.paste();
      case 'rename':
        return this.#commands.rename();
      case 'delete':
        return this.#commands.remove();
    }
  }

  #followCursor(): void {
    const { chooser, place } = this.#desk;
    void this.#desk.showCursor();
    const item = chooser.find(chooser.selection.cursor);
    if (place.shown !== undefined && item && chooser.selection.chosen.size === 1) this.#commands.show(item);
  }

  #type(character: string): void {
    const now = Date.now();
    this.#typed = now - this.#typedAt > typingPause ? character : this.#typed + character;
    this.#typedAt = now;
    const { chooser } = this.#desk;
    chooser.selection = startingWith(chooser.selection, chooser.order, this.#typed);
    this.#followCursor();
  }

  #itemOf(event: Event): FileItem | undefined {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-at]');
    return row ? this.#desk.chooser.items[Number(row.dataset['at'])] : undefined;
  }
}
