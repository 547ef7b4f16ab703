import { type Static, Type } from 'typebox';

/** Settings of the plugin. */
export const settings = Type.Object(
  {
    connectTimeout: Type.Integer({
      default: 10,
      minimum: 1,
      maximum: 120,
      title: 'Time to connect',
      description: 'A host that has not let us in by then counts as not reachable.',
      'x-unit': 'seconds',
      'x-order': 1,
    }),
    idleTimeout: Type.Integer({
      default: 300,
      minimum: 0,
      maximum: 86_400,
      title: 'Keep unused connections',
      description: 'How long a connection that nobody uses stays open for the next one.',
      'x-unit': 'seconds',
      'x-order': 2,
    }),
    keepAlive: Type.Integer({
      default: 15,
      minimum: 1,
      maximum: 3_600,
      title: 'Keep-alive',
      description:
        'How often a silent connection is asked whether it still lives; the third question without an answer ends it.',
      'x-unit': 'seconds',
      'x-order': 3,
      'x-advanced': true,
    }),
    connections: Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 32,
      title: 'Connections for each account',
      description:
        'Opened one after the other when a host allows no more sessions on those that are there (MaxSessions).',
      'x-order': 4,
      'x-advanced': true,
    }),
    userNetworks: Type.Array(Type.String({ pattern: '^[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?$' }), {
      default: [],
      maxItems: 64,
      title: 'Networks of users’ own hosts',
      description:
        'Addresses beside public ones at which hosts may be that users set up for themselves, as “10.20.0.0/16”. Hosts that administrators set up may be anywhere.',
      'x-order': 5,
      'x-advanced': true,
    }),
  },
  { additionalProperties: false },
);

/** Settings, checked and with defaults filled in. */
export type SshSettings = Static<typeof settings>;
