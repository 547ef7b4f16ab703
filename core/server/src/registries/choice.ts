import type { AuthMode } from '@stele/sdk';
import { decide, type Viewer } from '../accounts/index.ts';
import type { Owner } from '../model/index.ts';

/** Credentials for the registry in question, as far as it matters whose they are. */
export interface Candidate {
  readonly owner: Owner;
  /** Of the platform's or a group's: whether they are for whatever those launch who may use its things, wherever. */
  readonly shared: boolean;
}

/** What is launched, and where, as far as it matters whose that is. */
export interface Occasion {
  readonly software: Owner;
  readonly computing: { readonly owner: Owner; readonly auth: AuthMode };
}

/**
 * With which of the credentials for its registry somebody's launch fetches an image. Pure.
 *
 * 1. Software of the platform or a group: what its owner has entered, so that it runs the same for everybody.
 * 2. The launcher's own.
 * 3. What is shared with them by a group, then by the platform.
 *
 * What isn't shared is no key to images that somebody else names, and stays where its owner or an administrator rules: whoever
 * has an account, or root, on the host that fetches the image can read the password there.
 */
export function chosen<C extends Candidate>(
  viewer: Viewer,
  { software, computing }: Occasion,
  candidates: readonly C[],
): C | undefined {
  const usable = candidates.filter((one) => decide(viewer, 'use', one));
  const lent = usable.filter(({ owner, shared }) => owner.kind !== 'user' && (shared || isSafe(owner, computing)));
  const shared = (kind: Owner['kind']) => lent.find((one) => one.shared && one.owner.kind === kind);
  return (
    lent.find(({ owner }) => isSame(owner, software)) ??
    usable.find(({ owner }) => owner.kind === 'user') ??
    shared('group') ??
    shared('platform')
  );
}

/** Whether the platform works there by an account of its own, on a host of the owner's or of the platform. */
function isSafe(owner: Owner, { owner: host, auth }: Occasion['computing']): boolean {
  return !auth.startsWith('user-') && (host.kind === 'platform' || isSame(host, owner));
}

function isSame(one: Owner, other: Owner): boolean {
  if (one.kind === 'platform' || other.kind === 'platform') return one.kind === other.kind;
  return one.kind === other.kind && one.id === other.id;
}
