import { hasRole, type Role } from './decide.ts';

/** A user's role, and where it comes from. */
export interface RoleState {
  readonly role: Role;
  /** Provider whose word gave it; absent: an administrator did, or nobody. */
  readonly roleProvider?: string | undefined;
  /** The role without that word. */
  readonly ownRole?: Role | undefined;
}

/**
 * A user's role after `provider` has spoken. It gives more than they have of themselves, never less; without its word,
 * what it gave is taken back. What another provider gave is that one's matter. Pure.
 */
export function roleAfter(state: RoleState, provider: string, granted: Role | undefined): RoleState {
  if (state.roleProvider !== undefined && state.roleProvider !== provider) return state;
  const own = state.roleProvider === undefined ? state.role : (state.ownRole ?? 'standard');
  if (granted === undefined || hasRole({ role: own }, granted)) return { role: own };
  return { role: granted, roleProvider: provider, ownRole: own };
}
