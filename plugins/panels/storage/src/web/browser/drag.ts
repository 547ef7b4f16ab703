import { isUselessMove } from '../model/paths.ts';

/** What is being dragged within the page: browsers hide the data until it is dropped. */
export interface Dragged {
  readonly storage: string;
  readonly paths: readonly string[];
}

let dragged: Dragged | undefined;

export function startDrag(event: DragEvent, what: Dragged): void {
  dragged = what;
  event.dataTransfer?.setData('text/plain', what.paths.join('\n'));
  if (event.dataTransfer) event.dataTransfer.effectAllowed = 'copyMove';
}

export function endDrag(): void {
  dragged = undefined;
}

/** What a drop would do, here and now. */
export type DropKind = 'upload' | 'move' | undefined;

export function dropKind(event: DragEvent, storage: string, folder: string): DropKind {
  if (event.dataTransfer?.types.includes('Files')) return 'upload';
  if (!dragged || dragged.storage !== storage || isUselessMove(dragged.paths, folder)) return undefined;
  return 'move';
}

export function draggedPaths(): readonly string[] {
  return dragged?.paths ?? [];
}

/** The folder below the pointer: the nearest element that names one, else `here`. */
export function folderUnder(event: Event, here: string): string {
  for (const node of event.composedPath()) {
    if (node instanceof HTMLElement && node.dataset['folder'] !== undefined) return node.dataset['folder'];
  }
  return here;
}
