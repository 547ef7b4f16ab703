import { pattern } from '@stele/sdk';
import { Patch, Strict } from '@stele/sdk/api';
import { type Static, Type } from 'typebox';

const port = (description: string) => Type.Integer({ minimum: 0, maximum: 65535, description });
const host = (description: string) => Type.String({ pattern: '^[A-Za-z0-9.:-]+$', maxLength: 253, description });

const portRange = (description: string) => Type.String({ pattern: '^[0-9]{1,5}-[0-9]{1,5}$', description });

/** How tasks that are no web application are reached. */
const Tcp = Strict({
  listen: Type.Optional(host('Address of the listeners that users ask for. Default: 127.0.0.1')),
  host: Type.Optional(host('The host that users are told. Default: where it listens, or the platform’s host')),
  ports: Type.Optional(portRange('First and last port. Default: any free one')),
  idleMinutes: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1440,
      description: 'Until a listener without a connection closes. Default: 15',
    }),
  ),
});

/** How task origins are made. */
const Tasks = Strict({
  mode: Type.Enum(['subdomain', 'port'], { default: 'subdomain', description: 'One sub-domain, or one port, a task' }),
  domain: Type.Optional(host('Sub-domain mode: the domain that tasks are sub-domains of. Default: tasks.localhost')),
  host: Type.Optional(host('Port mode: the host of the tasks; never the platform’s own. Default: tasks.localhost')),
  ports: Type.Optional(portRange('Port mode: first and last port. Default: 8600-8699')),
  tcp: Type.Optional(Tcp),
});

/** The site's mail server. */
const Mail = Strict({
  host: host('Mail server that takes the platform’s e-mail'),
  port: Type.Optional(port('Its port. Default: 587 with starttls, 465 with tls, 25 with none')),
  security: Type.Optional(
    Type.Enum(['starttls', 'tls', 'none'], {
      description: 'TLS after a plain greeting, from the start, or never. Default: starttls',
    }),
  ),
  user: Type.Optional(Type.String({ maxLength: 200, description: 'Who logs in there. Default: nobody' })),
  password: Type.Optional(Type.String({ maxLength: 1000, description: 'Better in the environment, or in a file' })),
  passwordFile: Type.Optional(Type.String({ maxLength: 4096, description: 'File that holds the password' })),
  from: Type.String({
    pattern: '^[^@\\s<>,;]+@[A-Za-z0-9.-]+$',
    maxLength: 254,
    description: 'Address that e-mail comes from',
  }),
});

/** Settings of one plugin: `enabled` is the host's, the rest is checked by the plugin's own schema. */
const PluginSettings = Type.Object({ enabled: Type.Optional(Type.Boolean()) }, { additionalProperties: true });

const declared = (what: string) =>
  Type.Array(Type.Record(Type.String(), Type.Unknown()), {
    default: [],
    description: `The platform’s ${what}; an entry is what the API’s POST takes, and its name what it is known by`,
  });

/** The site file: everything that an operator says about a site, as YAML. */
export const SiteSchema = Strict({
  site: Type.Optional(
    Strict({
      name: Type.Optional(
        Type.String({ minLength: 1, maxLength: 100, description: 'Shown in the page. Default: Stele' }),
      ),
      url: Type.Optional(
        Type.String({
          pattern: '^https?://[A-Za-z0-9.:-]+$',
          description: 'Public origin. Default: http://localhost:<port>',
        }),
      ),
      listen: Type.Optional(host('Address that the platform listens on. Default: 127.0.0.1')),
      port: Type.Optional(port('Where the platform listens. Default: 8000; 0 picks a free one')),
      tasks: Type.Optional(Patch(Tasks)),
      trustedProxies: Type.Optional(
        Type.Array(Type.String(), { description: 'Addresses whose X-Forwarded-For is believed' }),
      ),
      userRegistries: Type.Optional(
        Type.Array(Type.String({ pattern: pattern('registry'), maxLength: 255 }), {
          description:
            'Registries that users’ software may name beside public ones, as “registry.example.org” or “10.20.0.5:5000”',
        }),
      ),
    }),
  ),
  database: Type.Optional(
    Type.String({
      pattern: '^(embedded|postgres(ql)?://.+)$',
      description: 'embedded (the default), or the postgres:// URL of a server, 15 or newer',
    }),
  ),
  mail: Type.Optional(Mail),
  logs: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      description: 'Folder of what ended tasks printed, shared by replicas. Default: logs in the data folder',
    }),
  ),
  pluginFolders: Type.Optional(
    Strict({
      development: Type.Optional(
        Type.Array(Type.String(), { description: 'Folders whose plugins win over all others of the same id' }),
      ),
      site: Type.Optional(Type.Array(Type.String(), { description: 'Folders of the site’s own plugins' })),
    }),
  ),
  prepare: Type.Optional(
    Type.String({
      maxLength: 4096,
      description: 'Program that `stele up` runs before the start; relative to this file',
    }),
  ),
  plugins: Type.Optional(
    Type.Record(Type.String({ minLength: 1, maxLength: 300 }), Type.Union([PluginSettings, Type.Null()]), {
      description: 'By id, package name, or path (./my-driver)',
    }),
  ),
  resources: Type.Optional(
    Strict({
      software: Type.Optional(declared('software')),
      computing: Type.Optional(declared('computing resources')),
      storages: Type.Optional(declared('storages')),
    }),
  ),
});

/** The mail server of a site, as it was written. */
export type MailSettings = Static<typeof Mail>;

/** The site file, as it was written. */
export type SiteFile = Static<typeof SiteSchema>;
