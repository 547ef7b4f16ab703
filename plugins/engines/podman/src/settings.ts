import { type Static, Type } from 'typebox';

/** Settings of the plugin. */
export const settings = Type.Object(
  {
    command: Type.String({ default: 'podman', minLength: 1, title: 'Program', description: 'Name or path of podman.' }),
    globalArguments: Type.Array(Type.String(), {
      default: [],
      title: 'Global arguments',
      description: 'Put before every subcommand, e.g. --root.',
    }),
    runtime: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$',
        title: 'Runtime',
        description: 'OCI runtime of containers that ask for none. Default: the best that works on the host.',
      }),
    ),
    runtimes: Type.Array(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$' }), {
      default: ['crun', 'runc'],
      title: 'Runtimes to look for',
    }),
    insecureRegistries: Type.Array(Type.String(), {
      default: [],
      title: 'Registries without TLS',
      description: 'Host, or host:port, of registries whose certificate isn’t checked.',
    }),
  },
  { additionalProperties: false },
);

/** Settings, checked and with defaults filled in. */
export type PodmanSettings = Static<typeof settings>;
