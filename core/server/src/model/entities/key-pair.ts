import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from './common.ts';
import { User } from './user.ts';

/** The key that is used, and the one before it while hosts may still know only that. */
export const keySlots = ['current', 'previous'] as const;

const KeyPairSchema = defineEntity({
  name: 'KeyPair',
  tableName: 'key_pairs',
  uniques: [{ properties: ['user', 'slot'] }],
  properties: {
    id: id(),
    /** Whose; none for the platform's own. */
    user: () => p.manyToOne(User).nullable().deleteRule('cascade'),
    slot: p.enum(keySlots).default('current'),
    /** Comment of the public line, by which people know it again in `authorized_keys`. */
    name: p.string().length(300),
    /** Type and public half, base64, as in `authorized_keys`. */
    publicKey: p.string().length(200),
    /** In OpenSSH's format, sealed by the secret box. */
    privateKey: p.text().hidden(),
    /** OpenSSH user certificate, as one line. */
    certificate: p.text().nullable(),
    createdAt: createdAt(),
    /** When another took its place. */
    rotatedAt: p.datetime().nullable(),
  },
});

/** An SSH key with which a user, or the platform, logs in to hosts. */
export class KeyPair extends KeyPairSchema.class {}
KeyPairSchema.setClass(KeyPair);
