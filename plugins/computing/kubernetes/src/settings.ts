import { type Static, Type } from 'typebox';

/** Settings of the plugin. */
export const settings = Type.Object(
  {
    loginCommands: Type.Array(Type.String({ pattern: '^/[^\\u0000]{1,255}$' }), {
      default: [],
      title: 'Commands that log in',
      description:
        'Programs of this machine, by their absolute paths, that a kubeconfig may name to get its token, e.g. /usr/bin/aws. Others are never run.',
    }),
  },
  { additionalProperties: false },
);

/** Settings, checked and with defaults filled in. */
export type KubernetesSettings = Static<typeof settings>;
