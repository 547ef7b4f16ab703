import type { Me, NewRegistry, Owner, RegistryItem, RegistryPatch } from '@stele/sdk/api';

type JsonSchema = Readonly<Record<string, unknown>>;
type Value = Readonly<Record<string, unknown>>;

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

/** What each of the choices in “Used for” stands for. */
const uses = {
  user: 'What I launch',
  platform: 'The platform’s software',
  everyone: 'Everyone’s software',
} as const;

/** The form that enters credentials, or replaces those that are there: the registry is then the same. */
export function registryForm(me: Me, item: RegistryItem | undefined): JsonSchema {
  const choices = usesFor(me, item);
  return {
    type: 'object',
    required: [...(item ? [] : ['registry']), 'username', 'password', 'use'],
    properties: {
      ...(item ? {} : { registry }),
      ...account,
      ...(choices.length < 2 ? {} : { use: { title: 'Used for', oneOf: choices, ...hint(choices) } }),
    },
  };
}

function usesFor(me: Me, item: RegistryItem | undefined): { const: string; title: string }[] {
  const platforms = [
    { const: 'platform', title: uses.platform },
    { const: 'everyone', title: uses.everyone },
  ];
  if (item) return item.owner.kind === 'platform' ? platforms : [];
  const groups = me.groups.filter(({ role }) => role === 'manager' || me.role === 'admin');
  return [
    { const: 'user', title: uses.user },
    ...groups.map(({ id, name }) => ({ const: `group:${id}`, title: `Software of ${name}` })),
    ...(me.role === 'admin' ? platforms : []),
  ];
}

function hint(choices: readonly { readonly const: string }[]): object {
  if (!choices.some((choice) => choice.const === 'everyone')) return {};
  const description =
    'Everyone’s: whoever launches a software of their own can fetch any image that this account may read.';
  return { description };
}

/** What the form starts with. */
export function registryStart(item: RegistryItem | undefined): Value {
  if (!item) return { use: 'user' };
  return { username: item.username, use: item.forEveryone ? 'everyone' : item.owner.kind };
}

/** What is sent to enter credentials. */
export function newRegistry(value: Value, me: Me): NewRegistry {
  const { use, registry: host, ...rest } = value;
  const name = typeof host === 'string' ? host.trim() : '';
  const forEveryone = use === 'everyone' ? { forEveryone: true } : {};
  return { registry: name, ...rest, owner: ownerOf(use, me), ...forEveryone } as unknown as NewRegistry;
}

/** What is sent to replace those that are there. */
export function registryPatch({ use, username, password }: Value, { owner }: RegistryItem): RegistryPatch {
  const forEveryone = owner.kind === 'platform' ? { forEveryone: use === 'everyone' } : {};
  const secret = password === undefined ? {} : { password };
  return { username, ...secret, ...forEveryone } as RegistryPatch;
}

function ownerOf(use: unknown, me: Me): Owner {
  if (use === 'platform' || use === 'everyone') return { kind: 'platform' };
  const group = typeof use === 'string' && use.startsWith('group:') ? use.slice('group:'.length) : undefined;
  return group === undefined ? { kind: 'user', id: me.id } : { kind: 'group', id: group };
}

/** What credentials are used for, in words. */
export function useOf({ owner, forEveryone }: RegistryItem): string {
  if (owner.kind === 'user') return uses.user;
  if (owner.kind === 'group') return `Software of ${owner.name ?? 'a group'}`;
  return forEveryone ? uses.everyone : uses.platform;
}
