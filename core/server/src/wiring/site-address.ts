import type { PortMode, SubdomainMode } from '../gateway/index.ts';
import type { SiteAddress } from '../http/index.ts';
import type { SiteFile } from '../site/index.ts';

type SiteKeys = NonNullable<SiteFile['site']>;

/** Where the platform listens when the site doesn't say. */
export const defaultPort = 8000;
export const defaultHost = '127.0.0.1';

/** The site's public origin and the names it answers to, once it is known where it listens. */
export function siteAddress(site: SiteKeys, port: number): SiteAddress {
  const origin = site.url ?? `http://localhost:${port}`;
  const own = new URL(origin).host;
  // Programs on this machine may come by address as well; browsers can be led to it, but there the cookie is not sent.
  return { origin, hosts: [own, `127.0.0.1:${port}`, `[::1]:${port}`, `localhost:${port}`] };
}

/** What the site is called among hosts, before it is known where it listens. */
export function siteHost(site: SiteKeys): string {
  return new URL(site.url ?? 'http://localhost').hostname;
}

/** How task origins are made. */
export function gatewayMode(site: SiteKeys, port: () => number): SubdomainMode | PortMode {
  const scheme = site.url?.startsWith('https:') ? 'https' : 'http';
  const { mode = 'subdomain', domain, host, ports = '8600-8699' } = site.tasks ?? {};
  if (mode === 'subdomain') {
    return { kind: 'subdomain', domain: domain ?? 'tasks.localhost', scheme, port: () => publicPort(site, port()) };
  }
  const [from = 0, to = 0] = ports.split('-').map(Number);
  const bind = site.listen ?? defaultHost;
  return {
    kind: 'port',
    host: host ?? 'tasks.localhost',
    platformHost: siteHost(site),
    scheme,
    ports: { from, to },
    bind,
  };
}

/** The port that browsers see: the public URL's where there is one. */
function publicPort(site: SiteKeys, port: number): number {
  if (!site.url) return port;
  const { port: written, protocol } = new URL(site.url);
  return written === '' ? (protocol === 'https:' ? 443 : 80) : Number(written);
}
