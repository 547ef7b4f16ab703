import { type OwnerName, type Visitor, visitors } from './world.ts';

export type Rule = Readonly<Record<OwnerName, readonly Visitor[]>>;

export const out: readonly Visitor[] = ['nobody', 'revokedToken', 'disabled'];
export const everybody = visitors.filter((visitor) => !out.includes(visitor));
export const themselves: readonly Visitor[] = ['standard', 'readToken', 'writeToken'];

/** Who may what, by whose it is. The page says the same in words; the server's own table is not looked at. */
export const sees: Rule = {
  platform: everybody,
  user: [...themselves, 'admin'],
  group: ['member', 'manager', 'admin'],
};
export const uses: Rule = { platform: everybody, user: themselves, group: ['member', 'manager'] };
export const changes: Rule = {
  platform: ['admin'],
  user: ['standard', 'writeToken', 'admin'],
  group: ['manager', 'admin'],
};
/** What works with the platform's own credentials. */
export const operates: Rule = { platform: ['admin'], user: ['admin'], group: ['admin'] };
