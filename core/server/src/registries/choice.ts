import { decide, type Viewer } from '../accounts/index.ts';
import type { Owner } from '../model/index.ts';

/** Credentials for the registry in question, as far as it matters whose they are. */
export interface Candidate {
  readonly owner: Owner;
  /** Of the platform's: whether software of users and groups is fetched with them, too. */
  readonly forEveryone: boolean;
}

/**
 * With which of the credentials for its registry somebody's launch fetches an image. Pure.
 *
 * 1. Software of the platform or a group: what its owner has entered, so that it runs the same for everybody.
 * 2. The launcher's own.
 * 3. The platform's that are for everyone.
 *
 * What a group, or the platform, has entered is no key to images that somebody else names: software that users add is
 * fetched with it only where an administrator says so.
 */
export function chosen<C extends Candidate>(viewer: Viewer, software: Owner, candidates: readonly C[]): C | undefined {
  const usable = candidates.filter((one) => decide(viewer, 'use', one));
  const of = (owner: Owner): C | undefined => usable.find((one) => isSame(one.owner, owner));
  const owners = software.kind === 'user' ? undefined : of(software);
  return owners ?? of({ kind: 'user', id: viewer.id }) ?? usable.find(isForEveryone);
}

const isForEveryone = ({ owner, forEveryone }: Candidate): boolean => owner.kind === 'platform' && forEveryone;

function isSame(one: Owner, other: Owner): boolean {
  if (one.kind === 'platform' || other.kind === 'platform') return one.kind === other.kind;
  return one.kind === other.kind && one.id === other.id;
}
