import { SteleError } from '@stele/sdk';
import { jsonOf } from '../api/bodies.ts';
import { fieldsOf, listOf, type PodSeen, readPod } from '../pod/seen.ts';

/** What a watch tells. */
export type PodEvent =
  | { readonly kind: 'there' | 'gone'; readonly pod: PodSeen; readonly version: string }
  /** Nothing but how far the watch is. */
  | { readonly kind: 'mark'; readonly version: string }
  /** What came after the version that was named isn't known any more: all has to be listed anew. */
  | { readonly kind: 'expired' };

/** Reads one line of a watch. Pure. */
export function readEvent(line: string): PodEvent {
  const { type, object } = fieldsOf(jsonOf(line));
  if (type === 'ERROR') return failed(object);
  const version = versionOf(object);
  const pod = type === 'BOOKMARK' ? undefined : readPod(object);
  // One of ours whose label was taken off, too: we don't know it any more.
  if (pod === undefined) return { kind: 'mark', version };
  return { kind: type === 'DELETED' ? 'gone' : 'there', pod, version };
}

function failed(object: unknown): PodEvent {
  const { code, message } = fieldsOf(object);
  if (code === 410) return { kind: 'expired' };
  const said = typeof message === 'string' ? message : 'without a word';
  throw new SteleError('UNREACHABLE', `The cluster’s API ended the watch: ${said}.`);
}

/** A page of a list. */
export interface PodPage {
  readonly pods: readonly PodSeen[];
  readonly version: string;
  /** Where the next page begins. */
  readonly next?: string;
}

/** Reads a list of pods. Pure. */
export function readPage(answer: unknown): PodPage {
  const next = fieldsOf(fieldsOf(answer)['metadata'])['continue'];
  return {
    pods: listOf(fieldsOf(answer)['items']).flatMap((item) => readPod(item) ?? []),
    version: versionOf(answer),
    ...(typeof next === 'string' && next !== '' ? { next } : {}),
  };
}

function versionOf(object: unknown): string {
  const version = fieldsOf(fieldsOf(object)['metadata'])['resourceVersion'];
  if (typeof version === 'string') return version;
  throw new SteleError('PROTOCOL', 'The cluster’s API sent an object without a version.');
}
