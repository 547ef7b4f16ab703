import { type Static, Type } from 'typebox';

/** Settings of the plugin. */
export const settings = Type.Object(
  {
    sockets: Type.Array(Type.String({ pattern: '^/[^\\u0000]{1,106}$' }), {
      default: [],
      title: 'Sockets',
      description:
        'Unix sockets to look for on hosts with a shell, e.g. /run/docker.sock; the first that answers is used. None: only hosts that are an API themselves.',
    }),
    runtime: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$',
        title: 'Runtime',
        description: 'OCI runtime of containers that ask for none. Default: the daemon’s own.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Settings, checked and with defaults filled in. */
export type DockerApiSettings = Static<typeof settings>;
