import type { FileItem } from '@stele/sdk/api';
import { formatBytes, formatNumber, plural } from '@stele/sdk/web';
import { html, nothing, type TemplateResult } from 'lit';
import { crumbsOf } from '../model/paths.ts';
import type { Place } from '../model/place.ts';
import type { SortKey } from '../model/sort.ts';
import type { MenuItem } from './menu.ts';

/** What the bars can ask for. */
export interface BarActions {
  readonly href: (path: string) => string;
  readonly go: (path: string) => void;
  readonly newFolder: () => void;
  readonly uploadMenu: (event: Event) => void;
  readonly viewMenu: (event: Event) => void;
  readonly flipView: () => void;
  readonly clear: () => void;
  readonly download: () => void;
  readonly move: () => void;
  readonly rename: () => void;
  readonly remove: () => void;
  readonly more: (event: Event) => void;
}

export interface BarState {
  readonly root: string;
  readonly place: Place;
  readonly isWritable: boolean;
  readonly isNarrow: boolean;
  /** Folder that a drop would go to, for the crumb to light up. */
  readonly target: string | undefined;
}

/** Where the user is, and what can be done here. */
export function placeBar(state: BarState, actions: BarActions): TemplateResult {
  const { place, isWritable, isNarrow } = state;
  const isGrid = place.view === 'grid';
  return html`<div class="bar">
    ${crumbs(state, actions)}
    ${
      isWritable
        ? html`<stele-icon-button
            icon="folder-plus"
            label="New folder"
            @click=${actions.newFolder}
          ></stele-icon-button>`
        : html`<span class="quiet small row"><stele-icon name="lock"></stele-icon>Read-only</span>`
    }
    ${
      isNarrow
        ? nothing
        : html`<stele-icon-button
            icon=${isGrid ? 'list' : 'grid'}
            label=${isGrid ? 'Show as list' : 'Show as tiles'}
            @click=${actions.flipView}
          ></stele-icon-button>`
    }
    <stele-icon-button icon="sliders" label="View and order" @click=${actions.viewMenu}></stele-icon-button>
    ${isWritable ? uploadButton(isNarrow, actions) : nothing}
  </div>`;
}

function uploadButton(isNarrow: boolean, actions: BarActions): TemplateResult {
  if (isNarrow)
    return html`<stele-icon-button icon="upload" label="Upload" @click=${actions.uploadMenu}></stele-icon-button>`;
  return html`<wa-button variant="brand" size="s" with-caret @click=${actions.uploadMenu}
    ><stele-icon slot="start" name="upload"></stele-icon>Upload</wa-button
  >`;
}

function crumbs({ root, place, target }: BarState, actions: BarActions): TemplateResult {
  const steps = [{ name: root, path: '' }, ...crumbsOf(place.path)];
  return html`<nav aria-label="Folder">
    <ol>
      ${steps.map(({ name, path }, index) => {
        const go = (event: MouseEvent): void => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          actions.go(path);
        };
        return html`<li>
          ${index > 0 ? html`<stele-icon class="quiet" name="chevron-right"></stele-icon>` : nothing}
          <a
            class="cut ${target === path && path !== place.path ? 'target' : ''}"
            href=${actions.href(path)}
            dir="auto"
            title=${name}
            data-folder=${path}
            aria-current=${path === place.path ? 'page' : nothing}
            @click=${go}
            >${name}</a
          >
        </li>`;
      })}
    </ol>
  </nav>`;
}

/** What can be done with what is chosen. It stands where the tools were: nothing moves; the way here stays where there is room. */
export function choiceBar(items: readonly FileItem[], state: BarState, actions: BarActions): TemplateResult {
  const { isWritable, isNarrow } = state;
  const areFiles = items.every(({ kind }) => kind === 'file');
  const isOne = items.length === 1;
  return html`<div class="bar choosing">
    ${isNarrow ? choiceWords(items, isNarrow) : html`${crumbs(state, actions)}${choiceWords(items, isNarrow)}`}
    ${areFiles ? html`<stele-icon-button icon="download" label="Download" @click=${actions.download}></stele-icon-button>` : nothing}
    ${isWritable && !isNarrow ? html`<stele-icon-button icon="move" label="Move" @click=${actions.move}></stele-icon-button>` : nothing}
    ${isWritable && !isNarrow && isOne ? html`<stele-icon-button icon="pen" label="Rename" @click=${actions.rename}></stele-icon-button>` : nothing}
    ${isWritable ? html`<stele-icon-button icon="trash" label="Delete" @click=${actions.remove}></stele-icon-button>` : nothing}
    <stele-icon-button icon="ellipsis" label="More actions" @click=${actions.more}></stele-icon-button>
    <stele-icon-button icon="x" label="Choose nothing" @click=${actions.clear}></stele-icon-button>
  </div>`;
}

function choiceWords(items: readonly FileItem[], isNarrow: boolean): TemplateResult {
  const size = items.reduce((sum, item) => sum + (item.kind === 'file' ? item.size : 0), 0);
  return html`<span class="cut numbers ${isNarrow ? 'grow' : ''}"
    ><span class="chosen-words">${formatNumber(items.length)} chosen</span>${
      size > 0 && !isNarrow ? html`<span class="quiet small"> · ${formatBytes(size)}</span>` : nothing
    }</span
  >`;
}

const sortWords: readonly (readonly [key: SortKey, title: string, icon: string])[] = [
  ['name', 'Name', 'file-text'],
  ['size', 'Size', 'database'],
  ['modified', 'Changed', 'clock'],
  ['kind', 'Kind', 'filter'],
];

/** Heads of the columns; a press sorts, another turns the order round. */
export function columnHeads({ sorting }: Place, sort: (key: SortKey) => void): TemplateResult {
  return html`<div class="columns" role="row" aria-rowindex="1">
    ${sortWords.map(([key, title], index) => {
      const isActive = sorting.key === key;
      const order = isActive ? (sorting.isDescending ? 'descending' : 'ascending') : 'none';
      return html`<div role="columnheader" class=${index === 0 ? 'first' : key} aria-sort=${order}>
        <button @click=${() => sort(key)}>
          ${title}${isActive ? html`<stele-icon name=${sorting.isDescending ? 'arrow-down' : 'arrow-up'}></stele-icon>` : nothing}
        </button>
      </div>`;
    })}
    <div role="columnheader"><span class="visually-hidden">Actions</span></div>
  </div>`;
}

/** The menu of view and order. */
export function viewItems(
  place: Place,
  change: (next: Partial<Place>) => void,
  refresh: () => void,
): readonly (readonly MenuItem[])[] {
  const { view, sorting, showsHidden } = place;
  return [
    [
      { title: 'List', icon: 'list', isChecked: view === 'list', run: () => change({ view: 'list' }) },
      { title: 'Tiles', icon: 'grid', isChecked: view === 'grid', run: () => change({ view: 'grid' }) },
    ],
    [
      ...sortWords.map(([key, title, icon]) => ({
        title: key === 'modified' ? 'By time' : `By ${title.toLowerCase()}`,
        icon,
        isChecked: sorting.key === key,
        run: () => change({ sorting: { ...sorting, key } }),
      })),
      {
        title: 'Largest or last first',
        icon: 'arrow-down',
        isChecked: sorting.isDescending,
        run: () => change({ sorting: { ...sorting, isDescending: !sorting.isDescending } }),
      },
    ],
    [
      { title: 'Hidden files', icon: 'eye', isChecked: showsHidden, run: () => change({ showsHidden: !showsHidden }) },
      { title: 'Read again', icon: 'refresh', run: refresh },
    ],
  ];
}

/** Count of entries, and of what is chosen. */
export function statusWords(total: number, chosen: number): string {
  const all = plural(total, 'entry', 'entries');
  return chosen === 0 ? all : `${formatNumber(chosen)} of ${all} chosen`;
}
