import type { FileItem } from '@stele/sdk/api';
import { regional } from '@stele/sdk/web';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { among, nothingChosen, type Selection } from '../model/selection.ts';
import { isServerSorting, sorted, type Sorting } from '../model/sort.ts';

/** The entries in the order they are shown, and what of them is chosen. */
export class Chooser implements ReactiveController {
  /** As shown. */
  items: readonly FileItem[] = [];
  order: readonly string[] = [];
  readonly #host: ReactiveControllerHost;
  #byName = new Map<string, number>();
  #source: readonly FileItem[] | undefined;
  #sorting: Sorting | undefined;
  #isSorted = true;
  #selection: Selection = nothingChosen;
  /** Answered many times for one render: a folder of 100,000 is gone through once. */
  #known: { of: ReadonlySet<string>; among: readonly FileItem[]; items: readonly FileItem[] } | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#source = undefined;
  }

  get selection(): Selection {
    return this.#selection;
  }

  set selection(next: Selection) {
    this.#selection = next;
    this.#host.requestUpdate();
  }

  get chosen(): readonly FileItem[] {
    const { chosen } = this.#selection;
    if (this.#known?.of !== chosen || this.#known.among !== this.items) {
      const items = chosen.size === 0 ? [] : this.items.filter(({ name }) => chosen.has(name));
      this.#known = { of: chosen, among: this.items, items };
    }
    return this.#known.items;
  }

  get cursorAt(): number {
    return this.#byName.get(this.#selection.cursor ?? '') ?? -1;
  }

  find(name: string | undefined): FileItem | undefined {
    return this.items[this.#byName.get(name ?? '') ?? -1];
  }

  /**
   * Takes what the server gave; cheap when nothing is new.
   * @param isSorted whether it came in the server's sorting, or nobody can sort it yet
   */
  take(items: readonly FileItem[], sorting: Sorting, isSorted = true): void {
    if (
      items === this.#source &&
      isSorted === this.#isSorted &&
      sorting.key === this.#sorting?.key &&
      sorting.isDescending === this.#sorting.isDescending
    )
      return;
    this.#source = items;
    this.#sorting = sorting;
    this.#isSorted = isSorted;
    this.items = isServerSorting(sorting) && isSorted ? items : sorted(items, sorting, regional().locale);
    this.order = this.items.map(({ name }) => name);
    this.#byName = new Map(this.order.map((name, index) => [name, index]));
    const isChosen = this.#selection.chosen.size > 0 || this.#selection.cursor !== undefined;
    if (items.length > 0 && isChosen) this.#selection = among(this.#selection, new Set(this.order));
  }
}
