import type { Me, NewSoftware, Owner, ResourceKinds, Software } from '@stele/sdk/api';
import { ApiProblem, isApiProblem, titleOf } from '@stele/sdk/web';
import { formatReference, parseReference } from './reference.ts';

/** What the form holds: the API's fields, with the image in one piece and the owner as a word. */
export type Draft = Readonly<Record<string, unknown>>;

type JsonSchema = Readonly<Record<string, unknown>>;

const pictures = [
  'cube',
  'notebook',
  'chart',
  'terminal',
  'desktop',
  'code',
  'database',
  'brain',
  'telescope',
  'flask',
  'dna',
  'image',
  'globe',
  'table',
];

/** The form for a software, for what this user may choose. */
export function softwareForm(me: Me, kinds: ResourceKinds | undefined, isNew: boolean): JsonSchema {
  return {
    type: 'object',
    required: ['name', 'image', 'port', ...(isNew ? ['owner'] : [])],
    properties: {
      name: { type: 'string', title: 'Name', maxLength: 200 },
      image: {
        type: 'string',
        title: 'Image',
        maxLength: 600,
        examples: ['quay.io/jupyter/base-notebook:latest'],
        description:
          'As for podman or docker pull: registry, name in lower case, tag or digest. Where the registry asks for a log-in, add it under Account → Registries.',
      },
      description: { type: 'string', title: 'Description', maxLength: 2000 },
      port: {
        type: 'integer',
        title: 'Port',
        minimum: 1,
        maximum: 65_535,
        default: 8888,
        description: 'Where the application listens in the container.',
      },
      protocol: { title: 'Protocol', default: 'http', oneOf: protocols(me, kinds) },
      ...(isNew ? { owner: { title: 'Who may use it', default: 'user', oneOf: owners(me) } } : {}),
      icon: { title: 'Icon', default: 'cube', oneOf: pictures.map((name) => ({ const: name, title: titleOf(name) })) },
      env: {
        type: 'object',
        title: 'Environment',
        additionalProperties: { type: 'string' },
        description: 'Set in every task of it. No place for secrets.',
      },
      architecture: {
        title: 'Architecture',
        'x-advanced': true,
        enum: ['amd64', 'arm64', 'arm/v7', 'ppc64le', 's390x', 'riscv64', '386'],
        description: 'Empty: whatever the computing runs.',
      },
      transport: { title: 'Transport', default: 'tcp', enum: ['tcp', 'udp'], 'x-advanced': true },
      flags: flags(),
    },
  };
}

function flags(): JsonSchema {
  return {
    type: 'object',
    title: 'What the image can do',
    'x-advanced': true,
    properties: {
      customPort: { type: 'boolean', title: 'Listens on the port in BASE_PORT', default: false },
      customSocket: {
        type: 'boolean',
        title: 'Listens on the socket in BASE_SOCKET',
        description: 'Where containers share their host’s network: nobody else on the host gets to it.',
        default: false,
      },
      interfaceAuth: { type: 'boolean', title: 'Takes a password in AUTH_PASS', default: false },
      fixedUser: {
        type: 'boolean',
        title: 'Needs the user that the image names',
        description: 'A note for people: no computing acts on it yet.',
        default: false,
      },
    },
  };
}

function protocols(me: Me, kinds: ResourceKinds | undefined): readonly object[] {
  const known = kinds?.protocols.filter((one) => me.role !== 'standard' || !one.needsPowerUser) ?? [];
  return known.length > 0
    ? known.map(({ id, title }) => ({ const: id, title }))
    : [{ const: 'http', title: 'Web application' }];
}

function owners(me: Me): readonly object[] {
  const managed = me.groups.filter((group) => group.role === 'manager');
  return [
    { const: 'user', title: 'Only me' },
    ...managed.map((group) => ({ const: `group:${group.id}`, title: `Members of ${group.name}` })),
    ...(me.role === 'admin' ? [{ const: 'platform', title: 'Everyone on this platform' }] : []),
  ];
}

/** What the form starts with for a software that is there. */
export function draftOf(software: Software): Draft {
  const { name, description, icon, port, protocol, transport, env, flags, architecture } = software;
  const image = formatReference(software);
  return {
    name,
    description,
    icon,
    port,
    protocol,
    transport,
    env,
    flags,
    image,
    ...(architecture ? { architecture } : {}),
  };
}

/** What is sent for a form's value. */
export function softwareFrom(draft: Draft, me: Me): NewSoftware {
  const { image, owner, ...rest } = draft;
  const reference = parseReference(typeof image === 'string' ? image : '');
  return {
    ...rest,
    ...(reference.digest === undefined ? { tag: 'latest' } : {}),
    ...reference,
    ...(owner === undefined ? {} : { owner: ownerFrom(owner, me) }),
  } as unknown as NewSoftware;
}

function ownerFrom(word: unknown, me: Me): Owner {
  if (word === 'platform') return { kind: 'platform' };
  const group = typeof word === 'string' && word.startsWith('group:') ? word.slice('group:'.length) : undefined;
  return group === undefined ? { kind: 'user', id: me.id } : { kind: 'group', id: group };
}

/** A problem about a part of the image is one about the form's image field. */
export function problemOfForm(error: unknown): unknown {
  if (!isApiProblem(error) || !['registry', 'tag', 'digest'].includes(error.field ?? '')) return error;
  const { status, code, requestId } = error;
  return new ApiProblem({ status, code, requestId, field: 'image', detail: error.message }, error);
}
