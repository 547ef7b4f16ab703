import { isAbsolute } from 'node:path';
import type { OidcSettings, ProviderSettings } from '../settings.ts';
import { badSettings } from './errors.ts';

/** What the schema can't say. @throws INVALID that names the provider */
export function checkSettings({ providers }: OidcSettings): void {
  for (const [id, provider] of Object.entries(providers)) {
    const problem = problemOf(id, provider);
    if (problem !== undefined) throw badSettings(id, problem);
  }
}

function problemOf(
  id: string,
  { issuer, allow, clientSecretFile, clientSecretVariable }: ProviderSettings,
): string | undefined {
  if (id === 'local') return 'this id is that of log-in with a password; choose another';
  if (!URL.canParse(issuer)) return '`issuer` is no URL';
  const url = new URL(issuer);
  if (url.protocol !== 'https:' && !isLoopback(url)) return '`issuer` must be https, unless it is on this machine';
  if (url.username !== '' || url.password !== '') return '`issuer` must not hold a user or a password';
  if (allow.everybody && Object.keys(allow).length > 1) {
    return '`allow` says everybody, so its lists would keep nobody out; take one or the other';
  }
  if (clientSecretFile !== undefined && clientSecretVariable !== undefined) {
    return 'the client secret is in `clientSecretFile` or in `clientSecretVariable`, not in both';
  }
  if (clientSecretFile !== undefined && !isAbsolute(clientSecretFile))
    return '`clientSecretFile` must be an absolute path';
  return undefined;
}

/** Where plain HTTP goes over no network. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
