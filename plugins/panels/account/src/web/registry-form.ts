import type { Me, NewRegistry, Owner, RegistryItem, RegistryPatch } from '@stele/sdk/api';
import { ownerKey, ownerOfKey } from '@stele/sdk/web';

type JsonSchema = Readonly<Record<string, unknown>>;
type Value = Readonly<Record<string, unknown>>;

/** What credentials are used for: whose they are, and whether that one shares them. */
type Use = Pick<RegistryItem, 'owner' | 'shared'>;

const registry = {
  type: 'string',
  title: 'Registry',
  maxLength: 255,
  examples: ['registry.example.org'],
  description: 'Its host, as in the image’s name, with the port if it names one.',
};
const account = {
  username: { type: 'string', title: 'User name', maxLength: 255 },
  password: { type: 'string', title: 'Password or token', 'x-secret': true },
};
const hint =
  '“Whatever … launch” is also used where people work under accounts of their own and could read the password: enter an account that may only fetch images.';

/** The form that enters credentials, or replaces those that are there: the registry is then the same. */
export function registryForm(me: Me, item: RegistryItem | undefined): JsonSchema {
  const uses = usesFor(me, item);
  const choices = uses.map((use) => ({ const: keyOf(use), title: useOf(use) }));
  return {
    type: 'object',
    required: [...(item ? [] : ['registry']), 'username', 'password', 'use'],
    properties: {
      ...(item ? {} : { registry }),
      ...account,
      ...(choices.length < 2 ? {} : { use: { title: 'Used for', description: hint, oneOf: choices } }),
    },
  };
}

function usesFor(me: Me, item: RegistryItem | undefined): Use[] {
  if (item) return usesOf(item.owner);
  const groups = me.groups.filter(({ role }) => role === 'manager' || me.role === 'admin');
  const owners: Owner[] = [
    { kind: 'user', id: me.id },
    ...groups.map(({ id, name }): Owner => ({ kind: 'group', id, name })),
    ...(me.role === 'admin' ? [{ kind: 'platform' } as const] : []),
  ];
  return owners.flatMap(usesOf);
}

function usesOf(owner: Owner): Use[] {
  return [{ owner, shared: false }, ...(owner.kind === 'user' ? [] : [{ owner, shared: true }])];
}

const sharedMark = '+';

/** A use as one word, for a choice. */
function keyOf({ owner, shared }: Use): string {
  return `${ownerKey(owner)}${shared ? sharedMark : ''}`;
}

/** What the form starts with. */
export function registryStart(me: Me, item: RegistryItem | undefined): Value {
  if (!item) return { use: keyOf({ owner: { kind: 'user', id: me.id }, shared: false }) };
  return { username: item.username, use: keyOf(item) };
}

/** What is sent to enter credentials. */
export function newRegistry({ use, registry: host, username, password }: Value): NewRegistry {
  const name = typeof host === 'string' ? host.trim() : '';
  return { registry: name, username, password, ...useFrom(use) } as NewRegistry;
}

/** What is sent to replace those that are there; they stay their owner's. */
export function registryPatch({ use, username, password }: Value): RegistryPatch {
  const { shared } = useFrom(use);
  const secret = password === undefined ? {} : { password };
  return { username, ...secret, ...(shared === undefined ? {} : { shared }) } as RegistryPatch;
}

function useFrom(use: unknown): Partial<Use> {
  if (typeof use !== 'string') return {};
  const shared = use.endsWith(sharedMark);
  return { owner: ownerOfKey(shared ? use.slice(0, -sharedMark.length) : use), shared };
}

/** What credentials are used for, in words. */
export function useOf({ owner, shared }: Use): string {
  if (owner.kind === 'user') return 'What I launch';
  if (owner.kind === 'platform') return shared ? 'Whatever anybody launches' : 'The platform’s software';
  const name = owner.name ?? 'a group';
  return shared ? `Whatever members of ${name} launch` : `Software of ${name}`;
}
