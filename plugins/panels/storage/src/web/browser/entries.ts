import type { FileItem } from '@stele/sdk/api';
import { formatBytes, formatExact, formatWhen } from '@stele/sdk/web';
import { html, nothing, type TemplateResult } from 'lit';
import { iconOf, kindOf } from '../model/sort.ts';

/** One entry as it is drawn. */
export interface Entry {
  readonly item: FileItem | undefined;
  readonly index: number;
  readonly isChosen: boolean;
  readonly isCursor: boolean;
  /** Whether a drop would go into it. */
  readonly isTarget: boolean;
  /** Whether it was cut, and waits to be pasted. */
  readonly isCut: boolean;
  readonly isDraggable: boolean;
}

/** A line of the list. */
export function lineOf(entry: Entry): TemplateResult {
  const { item, index } = entry;
  if (!item)
    return html`<div class="line" role="row" aria-rowindex=${index + 2}>
      <div role="gridcell" class="waits"><stele-skeleton></stele-skeleton></div>
    </div>`;
  return html`<div
    id="e${index}"
    class=${classesOf('line', entry)}
    role="row"
    aria-rowindex=${index + 2}
    aria-selected=${entry.isChosen}
    draggable=${entry.isDraggable}
    data-at=${index}
    data-folder=${item.kind === 'folder' ? item.path : nothing}
  >
    <div role="gridcell" class="first">
      <span class="box" data-box>${entry.isChosen ? html`<stele-icon name="check"></stele-icon>` : nothing}</span>
      <stele-icon class="icon ${item.kind}" name=${iconOf(item)}></stele-icon>
      <span class="names">
        <span class="name cut" dir="auto" title=${item.name}>${item.name}</span>
        <span class="under small quiet numbers"><bdi>${underOf(item)}</bdi></span>
      </span>
    </div>
    <div role="gridcell" class="size numbers"><bdi>${sizeOf(item)}</bdi></div>
    <div
      role="gridcell"
      class="modified numbers"
      title=${item.modifiedAt === undefined ? nothing : formatExact(new Date(item.modifiedAt))}
    >
      <bdi>${dateOf(item)}</bdi>
    </div>
    <div role="gridcell" class="kind cut">${kindOf(item)}</div>
    <div role="gridcell" class="more">
      <button tabindex="-1" class="dots" data-menu aria-label="Actions for ${item.name}">
        <stele-icon name="ellipsis"></stele-icon>
      </button>
    </div>
  </div>`;
}

/** A tile of the grid. */
export function tileOf(entry: Entry): TemplateResult {
  const { item, index } = entry;
  if (!item)
    return html`<div class="tile" role="option" aria-selected="false" aria-label="Loading">
      <stele-skeleton></stele-skeleton>
    </div>`;
  return html`<div
    id="e${index}"
    class=${classesOf('tile', entry)}
    role="option"
    aria-selected=${entry.isChosen}
    aria-label="${item.name} ${item.kind === 'folder' ? '' : sizeOf(item)} ${kindOf(item)}"
    draggable=${entry.isDraggable}
    data-at=${index}
    data-folder=${item.kind === 'folder' ? item.path : nothing}
    title=${item.name}
  >
    <span class="box" data-box>${entry.isChosen ? html`<stele-icon name="check"></stele-icon>` : nothing}</span>
    <stele-icon class="icon ${item.kind}" name=${iconOf(item)}></stele-icon>
    <span class="name clamp" dir="auto">${item.name}</span>
    <span class="small quiet numbers">${item.kind === 'folder' ? '' : sizeOf(item)}</span>
  </div>`;
}

function classesOf(kind: string, { isChosen, isCursor, isTarget, isCut }: Entry): string {
  const words = [kind, isChosen && 'chosen', isCursor && 'cursor', isTarget && 'target', isCut && 'gone'];
  return words.filter(Boolean).join(' ');
}

function sizeOf(item: FileItem): string {
  return item.kind === 'file' ? formatBytes(item.size) : '';
}

function underOf(item: FileItem): string {
  return [sizeOf(item), dateOf(item)].filter((words) => words !== '').join(' · ');
}

function dateOf({ modifiedAt }: FileItem): string {
  return modifiedAt === undefined ? '' : formatWhen(new Date(modifiedAt));
}
