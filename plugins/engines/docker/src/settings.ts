import { type Static, Type } from 'typebox';

/** Settings of the plugin. */
export const settings = Type.Object(
  {
    command: Type.String({ default: 'docker', minLength: 1, title: 'Program', description: 'Name or path of docker.' }),
    globalArguments: Type.Array(Type.String(), {
      default: [],
      title: 'Global arguments',
      description: 'Put before every subcommand, e.g. --host.',
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
export type DockerSettings = Static<typeof settings>;
