import { Type, type Static } from 'typebox';
import { pattern } from '../grammar.ts';
import { Id, JsonValue, Name, Strict, Timestamp } from './common.ts';

/** An SSH key of a user, or of the platform. Its private half is in no answer. */
export const KeyItem = Strict({
  id: Id,
  publicKey: Type.String({ description: 'The line for ~/.ssh/authorized_keys' }),
  fingerprint: Type.String({ description: 'SHA256:…, as ssh-keygen -l shows it' }),
  certificate: Type.Optional(Type.String({ description: 'OpenSSH user certificate for it' })),
  createdAt: Timestamp,
  replacedAt: Type.Optional({ ...Timestamp, description: 'Since when another is used; kept until it is let go' }),
});
/** An SSH key of a user, or of the platform. */
export type KeyItem = Static<typeof KeyItem>;

/** Sets the certificate of a key; `null` takes it away. */
export const CertificateChange = Strict({
  certificate: Type.Union([Type.String({ minLength: 1, maxLength: 8192, title: 'Certificate' }), Type.Null()]),
});
/** Sets the certificate of a key. */
export type CertificateChange = Static<typeof CertificateChange>;

/** Who the caller is on a computing resource that is used with keys of its users. */
export const RemoteAccountItem = Strict({
  id: { ...Id, description: 'UUID of the computing resource' },
  name: { ...Name, description: 'Name of the computing resource' },
  username: Type.Optional(Type.String({ description: 'User name there, where the caller set one' })),
  fallback: Type.String({ description: 'User name where none is set and the resource names none' }),
  state: Type.Enum(['unchecked', 'ok', 'replacing', 'failing'], {
    description: 'What the last check found; `replacing`: only the key before the one that is used opens it',
  }),
  reason: Type.Optional(Type.String({ description: 'Why it failed' })),
  missing: Type.Optional(Type.String({ description: 'What to do about it' })),
  line: Type.Optional(Type.String({ description: 'After a check: the line to add to ~/.ssh/authorized_keys there' })),
  checkedAt: Type.Optional(Timestamp),
});
/** Who the caller is on a computing resource that is used with keys of its users. */
export type RemoteAccountItem = Static<typeof RemoteAccountItem>;

/** Sets the user name on a resource; `null` goes back to what applies without one. */
export const RemoteAccountChange = Strict({
  username: Type.Union([
    Type.String({ pattern: pattern('accountName'), maxLength: 32, title: 'User name there' }),
    Type.Null(),
  ]),
});
/** Sets the user name on a resource. */
export type RemoteAccountChange = Static<typeof RemoteAccountChange>;

/** What the caller has to prove themselves with on a resource that is used with credentials of its users. */
export const OwnCredentialItem = Strict({
  id: { ...Id, description: 'UUID of the resource' },
  resource: Type.Enum(['computing', 'storage']),
  name: { ...Name, description: 'Name of the resource' },
  schema: { ...JsonValue, description: 'JSON Schema of what is asked for' },
  values: { ...JsonValue, description: 'What is set and no secret' },
  secrets: Type.Array(Type.String(), { description: 'Secrets that are set' }),
  state: Type.Enum(['missing', 'set', 'moved'], {
    description:
      '`moved`: the resource is at another address since; they are sent nowhere until they are entered again',
  }),
  updatedAt: Type.Optional(Timestamp),
});
/** What the caller has to prove themselves with on a resource that is used with credentials of its users. */
export type OwnCredentialItem = Static<typeof OwnCredentialItem>;

/** Sets credentials, as the resource's schema describes them; a secret that isn't named stays, `null` removes one. */
export const CredentialChange = Strict({ values: JsonValue });
/** Sets credentials. */
export type CredentialChange = Static<typeof CredentialChange>;
