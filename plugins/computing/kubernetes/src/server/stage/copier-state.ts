import { fieldsOf, listOf, textOf } from '../pod/seen.ts';

/** How the pod that copies files is. */
export type CopierState =
  | { readonly state: 'ready' | 'going' | 'over' }
  | { readonly state: 'waiting'; readonly words: string }
  /** It can't be had as its resource's settings are. */
  | { readonly state: 'refused'; readonly words: string };

/** Reasons of a container that waits, which a change of settings alone mends. */
const hopeless = /^(?:ErrImagePull|ImagePullBackOff|InvalidImageName|CreateContainerConfigError|RunContainerError)$/;

/** Reads the pod as the API shows it. Pure. */
export function copierState(pod: unknown): CopierState {
  const { metadata, status } = fieldsOf(pod);
  if (fieldsOf(metadata)['deletionTimestamp'] !== undefined) return { state: 'going' };
  const { phase, conditions, containerStatuses } = fieldsOf(status);
  if (phase === 'Succeeded' || phase === 'Failed') return { state: 'over' };
  const container = fieldsOf(listOf(containerStatuses)[0]?.['state']);
  if ('running' in container) return { state: 'ready' };
  const { reason, message } = fieldsOf(container['waiting']);
  if (hopeless.test(textOf(reason))) {
    return { state: 'refused', words: `${textOf(reason)}: ${textOf(message)}`.slice(0, 500) };
  }
  const scheduled = listOf(conditions).find(({ type }) => type === 'PodScheduled');
  return { state: 'waiting', words: textOf(scheduled?.['message']).slice(0, 500) };
}
