import type { RemoteAccount } from '@stele/sdk';
import ssh2, { type AuthHandlerMiddleware } from 'ssh2';
import { denied, invalid } from '../errors.ts';
import type { KeyRing, Keys } from './key-ring.ts';

/** The keys of an account, checked early, where there is a field to blame. One that is being replaced and can't be read is left out. */
export function usableKeys({ key, previous }: Pick<RemoteAccount, 'key' | 'previous'>): Keys {
  if (key.privateKey === '') throw invalid('auth', 'There is no key to log in with.');
  const error = keyError(key.privateKey);
  if (error) throw denied('The private key can’t be read. Make a new one on the account page.', error);
  return previous === undefined || keyError(previous.privateKey) ? [key] : [key, previous];
}

/** Offers one key after the other. The host says of each whether it would do; nothing is signed with those that it refuses. */
export function offering(username: string, keys: KeyRing): AuthHandlerMiddleware {
  return (_methods, _isPartial, next) => {
    const key = keys.next();
    // What ends the log-in; the library's types know only what is passed on.
    if (key === undefined) return false;
    next({ type: 'publickey', username, key });
    return undefined;
  };
}

/** The library would throw on a key that it can't read, with words for programmers. */
function keyError(privateKey: string): Error | undefined {
  const key = ssh2.utils.parseKey(privateKey);
  return key instanceof Error ? key : undefined;
}
