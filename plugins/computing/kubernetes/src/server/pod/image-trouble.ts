import type { ErrorCode } from '@stele/sdk';
import type { PodSeen } from './seen.ts';

/** Why an image can't be had. */
export interface ImageTrouble {
  readonly code: Extract<ErrorCode, 'NOT_FOUND' | 'DENIED' | 'INVALID' | 'UNREACHABLE'>;
  /** A sentence for people. */
  readonly words: string;
  /** What the node said. */
  readonly said: string;
}

const reasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'ImageInspectError',
  'InvalidImageName',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

interface Meaning extends Omit<ImageTrouble, 'said'> {
  readonly pattern: RegExp;
}

/** By what containerd, CRI-O and Docker say, the narrower before the wider. */
const meanings: readonly Meaning[] = [
  {
    pattern: /InvalidImageName|invalid reference format|couldn.t parse image/i,
    code: 'INVALID',
    words: 'This is no name of an image.',
  },
  {
    pattern: /no match for platform|no matching manifest|exec format/i,
    code: 'NOT_FOUND',
    words: 'The image isn’t there for the architecture of the nodes.',
  },
  {
    pattern: /unauthorized|authentication required|authorization failed|403 Forbidden|\bdenied\b|no basic auth|401/i,
    code: 'DENIED',
    words: 'The registry doesn’t give out this image without a log-in that it accepts, or there is no such image.',
  },
  {
    pattern: /not found|manifest unknown|name unknown|does not exist|ErrImageNeverPull/i,
    code: 'NOT_FOUND',
    words: 'There is no such image in the registry.',
  },
];

const unreachable: Meaning = {
  pattern: /^/,
  code: 'UNREACHABLE',
  words: 'The node can’t fetch the image: its registry doesn’t answer as it should.',
};

/** Between two tries older versions say nothing of what went wrong. */
const backOff: Meaning = { ...unreachable, words: 'The node could not fetch the image.' };

/** Why a pod’s image can't be had, if that is what it waits for. Pure. */
export function imageTrouble({ waiting }: PodSeen): ImageTrouble | undefined {
  if (waiting === undefined || !reasons.has(waiting.reason)) return undefined;
  const said = `${waiting.reason} ${waiting.message}`;
  const otherwise = waiting.reason === 'ImagePullBackOff' ? backOff : unreachable;
  const { code, words } = meanings.find(({ pattern }) => pattern.test(said)) ?? otherwise;
  return { code, words, said: waiting.message };
}

/** Whether the node was only waiting between two tries, and says nothing of what went wrong. Pure. */
export function isBackOff({ waiting }: PodSeen): boolean {
  return waiting?.reason === 'ImagePullBackOff';
}
