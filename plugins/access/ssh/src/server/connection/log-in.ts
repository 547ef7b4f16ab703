import type { RemoteAccount } from '@stele/sdk';
import ssh2, { type AuthHandlerMiddleware, type ParsedKey } from 'ssh2';
import { denied, invalid } from '../errors.ts';
import { certifiedKey } from './certified-key.ts';
import type { KeyRing, Keys, Offer } from './key-ring.ts';
import type { ReadableKeys } from './readable-keys.ts';

/** The keys of an account, checked early, where there is a field to blame. One that is being replaced and can't be read is left out. */
export function usableKeys({ key, previous }: Pick<RemoteAccount, 'key' | 'previous'>, readable: ReadableKeys): Keys {
  if (key.privateKey === '') throw invalid('auth', 'There is no key to log in with.');
  const error = readable.errorOf(key.privateKey);
  if (error) throw denied('The private key can’t be read. Make a new one on the account page.', error);
  return previous === undefined || readable.errorOf(previous.privateKey) ? [key] : [key, previous];
}

/** Offers one key after the other. The host says of each whether it would do; nothing is signed with those that it refuses. */
export function offering(username: string, keys: KeyRing): AuthHandlerMiddleware {
  return (_methods, _isPartial, next) => {
    const offer = keys.next();
    // What ends the log-in; the library's types know only what is passed on.
    if (offer === undefined) return false;
    next({ type: 'publickey', username, key: keyOf(offer) });
    return undefined;
  };
}

function keyOf({ privateKey, certificate }: Offer): ParsedKey | string {
  if (certificate === undefined) return privateKey;
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw denied('The private key can’t be read. Make a new one on the account page.', key);
  return certifiedKey(key, certificate);
}
