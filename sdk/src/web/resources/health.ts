import type { Health, Owner } from '../../api/index.ts';
import type { Status } from '../phase.ts';

const states: Readonly<Record<Health['state'], Status>> = {
  ok: { word: 'Working', icon: 'circle-check', tone: 'ready' },
  failing: { word: 'Not working', icon: 'triangle-alert', tone: 'attention' },
  unknown: { word: 'Not asked yet', icon: 'circle-question', tone: 'ended' },
};

const silent: Status = { word: 'Not answering', icon: 'wifi-off', tone: 'attention' };

/** How a resource is, in a word. */
export function healthStatus({ state, code }: Pick<Health, 'state' | 'code'>): Status {
  return state === 'failing' && code === 'UNREACHABLE' ? silent : states[state];
}

/** Whom something belongs to, for `userId` to read. */
export function ownerWords(owner: Owner, userId: string): string {
  if (owner.kind === 'platform') return 'The platform';
  if (owner.kind === 'user' && owner.id === userId) return 'You';
  return owner.name ?? (owner.kind === 'user' ? 'Another user' : 'A group');
}
