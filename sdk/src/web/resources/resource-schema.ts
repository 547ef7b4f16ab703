import type { Computing, Owner, ResourceKinds } from '../../api/index.ts';
import type { JsonSchema } from '../../json.ts';

/** Which resource a form is for, by the name of the property that says what kind it is. */
export type ResourcePart = 'driver' | 'backend';

/** What the form's choices are made of. */
export interface ResourceFormFacts {
  /** `driver` for computing, `backend` for storages. */
  readonly part: ResourcePart;
  /** What the active plugins offer. */
  readonly kinds: ResourceKinds;
  /** Who may own it: key as of {@link ownerKey}, and words for people. */
  readonly owners: readonly { readonly key: string; readonly title: string }[];
  /** For storages: where tasks may mount it. */
  readonly computings?: readonly { readonly id: string; readonly name: string }[];
}

/** What is entered, before it is sent. */
export type ResourceValue = Readonly<Record<string, unknown>>;

/** Access of a storage that is reached as its computing is. */
const throughComputing = 'computing';

/** Credentials that are entered with the resource. */
const platformToken = 'platform-token';

const credentials: Readonly<Record<string, string>> = {
  none: 'None: the platform’s own account',
  'user-keys': 'Keys of each user',
  'platform-keys': 'Keys of the platform',
  'user-token': 'Token or key pair of each user',
  'platform-token': 'Token or key pair of the platform',
  'platform-certificate': 'Certificate of the platform',
};

/** Credentials in words. */
export function credentialsTitle(auth: string): string {
  return credentials[auth] ?? auth;
}

/** An owner as one word, for a choice. */
export function ownerKey(owner: Owner): string {
  return owner.kind === 'platform' ? 'platform' : `${owner.kind}:${owner.id}`;
}

/** The owner that a key names. */
export function ownerOfKey(key: string): Owner {
  const [kind, id = ''] = key.split(':');
  if (kind === 'user' || kind === 'group') return { kind, id };
  return { kind: 'platform' };
}

/** The value with kind, access and credentials that go together: what no longer fits gives way to the first that does. */
export function fitting(facts: ResourceFormFacts, value: ResourceValue): ResourceValue {
  const offer = offerOf(facts, value);
  if (!offer) return value;
  if (isThrough(facts, value)) return { ...value, [facts.part]: offer.id, auth: undefined };
  const row = offer.accepts.find(({ access }) => access === value['access']) ?? offer.accepts[0];
  const auth = row?.auth.find((mode) => mode === value['auth']) ?? row?.auth[0];
  return { ...value, [facts.part]: offer.id, access: row?.access, auth };
}

/**
 * The same after a change. A way that was only the first of the kind before gives way to the first of the new kind; one that the
 * user has chosen stays, where the new kind can be reached like that.
 */
export function refitted(facts: ResourceFormFacts, before: ResourceValue, value: ResourceValue): ResourceValue {
  const isSameKind = before[facts.part] === value[facts.part];
  const first = offerOf(facts, before)?.accepts[0]?.access;
  if (isSameKind || value['access'] !== first) return fitting(facts, value);
  return fitting(facts, { ...value, access: undefined, auth: undefined });
}

/** What was entered, when another kind or access is chosen: what was typed stays, what was but a default of the one before gives way. */
export function movedOn(facts: ResourceFormFacts, before: ResourceValue, entered: ResourceValue): ResourceValue {
  const next = refitted(facts, before, entered);
  const isSameKind = next[facts.part] === before[facts.part];
  const isSameAccess = next['access'] === before['access'];
  return {
    ...next,
    ...(isSameKind ? {} : { conf: typed(offerOf(facts, before)?.conf, next['conf']) }),
    ...(isSameAccess ? {} : { accessConf: typed(accessOf(facts, before)?.conf, next['accessConf']) }),
  };
}

/** Whether it is a storage that is reached through its computing, with that one's credentials. */
function isThrough({ part, computings = [] }: ResourceFormFacts, { access }: ResourceValue): boolean {
  return part === 'backend' && access === throughComputing && computings.length > 0;
}

/** The form's schema for what is chosen so far. A choice of one is no choice, and is left out. */
export function resourceSchema(facts: ResourceFormFacts, chosen: ResourceValue): JsonSchema {
  const value = fitting(facts, chosen);
  const offer = offerOf(facts, value);
  const row = offer?.accepts.find(({ access }) => access === value['access']);
  const access = accessOf(facts, value);
  return {
    type: 'object',
    required: ['name', facts.part, 'access', 'auth', 'owner', ...(isThrough(facts, value) ? ['computing'] : [])],
    properties: {
      name: { type: 'string', title: 'Name', minLength: 1, maxLength: 200 },
      ...choice(
        facts.part,
        'Kind',
        offersOf(facts).map(({ id, title }) => [id, title]),
      ),
      ...choice('access', 'How it is reached', waysOf(facts, offer)),
      ...choice(
        'auth',
        'Credentials',
        (row?.auth ?? []).map((mode) => [mode, credentialsTitle(mode)]),
      ),
      ...group('accessConf', access?.title ?? 'Access', access?.conf),
      ...group('conf', offer?.title ?? 'Settings', offer?.conf),
      ...(value['auth'] === platformToken
        ? group('credentials', 'The platform’s credentials', offer?.credentials)
        : {}),
      ...(facts.part === 'driver' ? engines(facts, value) : mounting(facts)),
      ...choice(
        'owner',
        'Belongs to',
        facts.owners.map(({ key, title }) => [key, title]),
      ),
    },
  };
}

/** What to send. */
export function resourceBody(facts: ResourceFormFacts, entered: ResourceValue): Record<string, unknown> {
  const value = fitting(facts, entered);
  const { name, access, auth, owner } = value;
  const accessSchema = accessOf(facts, value)?.conf;
  return {
    name,
    [facts.part]: value[facts.part],
    access,
    ...(auth === undefined ? {} : { auth }),
    accessConf: known(accessSchema, value['accessConf']),
    conf: known(offerOf(facts, value)?.conf, value['conf']),
    ...(auth === platformToken ? { credentials: known(offerOf(facts, value)?.credentials, value['credentials']) } : {}),
    ...(typeof owner === 'string' ? { owner: ownerOfKey(owner) } : {}),
    ...(facts.part === 'driver'
      ? { engines: bringsEngine(facts, value) ? [] : enginesOf(value['engines']) }
      : mountingOf(value)),
  };
}

/** What the form starts with for a resource that is there. */
export function resourceStart(resource: ResourceValue & { readonly owner: Owner }): ResourceValue {
  const engines = (resource['engines'] ?? []) as readonly {
    readonly id: string;
    readonly runtimes: readonly string[];
  }[];
  return {
    ...resource,
    owner: ownerKey(resource.owner),
    engines: engines.flatMap(({ id, runtimes }) =>
      runtimes.length === 0 ? [id] : runtimes.map((runtime) => `${id}/${runtime}`),
    ),
  };
}

type Offer = ResourceKinds['backends'][number];

function offersOf({ part, kinds }: ResourceFormFacts): readonly Offer[] {
  return part === 'driver' ? kinds.drivers : kinds.backends;
}

function offerOf(facts: ResourceFormFacts, value: ResourceValue): Offer | undefined {
  const offers = offersOf(facts);
  return offers.find(({ id }) => id === value[facts.part]) ?? offers[0];
}

function accessOf(
  { kinds }: ResourceFormFacts,
  { access }: ResourceValue,
): ResourceKinds['access'][number] | undefined {
  return kinds.access.find(({ id }) => id === access);
}

/** How a resource is reached, in words. */
export function accessTitle(
  { access }: Pick<Computing, 'access'>,
  kinds: Pick<ResourceKinds, 'access'> | undefined,
): string {
  return kinds?.access.find(({ id }) => id === access)?.title ?? (access === 'api' ? 'Its own API' : access);
}

function waysOf(facts: ResourceFormFacts, offer: Offer | undefined): [string, string][] {
  const own = (offer?.accepts ?? []).map((row): [string, string] => [row.access, accessTitle(row, facts.kinds)]);
  const canShare = facts.part === 'backend' && (facts.computings?.length ?? 0) > 0;
  return canShare ? [...own, [throughComputing, 'As its computing is reached']] : own;
}

function choice(key: string, title: string, options: readonly (readonly [value: string, title: string])[]): object {
  if (options.length < 2) return {};
  return { [key]: { title, oneOf: options.map(([value, words]) => ({ const: value, title: words })) } };
}

function group(key: string, title: string, schema: unknown): object {
  const properties = propertiesOf(schema);
  return Object.keys(properties).length === 0 ? {} : { [key]: { ...(schema as object), title } };
}

function bringsEngine({ kinds }: ResourceFormFacts, value: ResourceValue): boolean {
  return kinds.drivers.find(({ id }) => id === value['driver'])?.bringsEngine === true;
}

function engines(facts: ResourceFormFacts, value: ResourceValue): object {
  const { kinds } = facts;
  if (kinds.engines.length === 0 || bringsEngine(facts, value)) return {};
  const options = kinds.engines.flatMap(({ id, title, runtimes }) => [
    { const: id, title },
    ...runtimes.map((runtime) => ({ const: `${id}/${runtime}`, title: `${title} with ${runtime}` })),
  ]);
  const description = 'What users may choose from. None chosen: whatever is found there.';
  return { engines: { type: 'array', title: 'Container engines', description, items: { oneOf: options } } };
}

function enginesOf(chosen: unknown): { id: string; runtimes: string[] }[] {
  const byId = new Map<string, string[]>();
  for (const key of Array.isArray(chosen) ? chosen.map(String) : []) {
    const [id = '', runtime] = key.split('/');
    const runtimes = byId.get(id) ?? [];
    byId.set(id, runtime === undefined ? runtimes : [...runtimes, runtime]);
  }
  return [...byId].map(([id, runtimes]) => ({ id, runtimes }));
}

function mounting({ computings = [] }: ResourceFormFacts): object {
  const places = computings.map(({ id, name }) => ({ const: id, title: name }));
  const description = 'Tasks on this computing find the files inside their container.';
  return {
    ...(places.length > 0 ? { computing: { title: 'Mounted by tasks on', description, oneOf: places } } : {}),
    browsable: { type: 'boolean', title: 'Users may browse it here', default: true },
    readOnly: {
      type: 'boolean',
      title: 'Read-only',
      default: false,
      description: 'Nobody changes anything in it, tasks included.',
    },
  };
}

function mountingOf({ computing, browsable, readOnly }: ResourceValue): object {
  const place = typeof computing === 'string' ? { computing } : {};
  return { ...place, browsable: browsable !== false, readOnly: readOnly === true };
}

/** Only what isn't a default of the schema. */
function typed(schema: unknown, value: unknown): Record<string, unknown> {
  const properties = propertiesOf(schema) as Readonly<Record<string, { readonly default?: unknown } | undefined>>;
  const isTyped = ([key, one]: readonly [string, unknown]): boolean =>
    JSON.stringify(properties[key]?.default) !== JSON.stringify(one);
  return Object.fromEntries(Object.entries((value ?? {}) as object).filter(isTyped));
}

/** Only what the schema names: settings of a kind that was chosen before stay behind. */
function known(schema: unknown, value: unknown): Record<string, unknown> {
  const names = new Set(Object.keys(propertiesOf(schema)));
  return Object.fromEntries(Object.entries((value ?? {}) as object).filter(([key]) => names.has(key)));
}

function propertiesOf(schema: unknown): Readonly<Record<string, unknown>> {
  return (schema as { properties?: Record<string, unknown> } | undefined)?.properties ?? {};
}
