import type { PortMode, SubdomainMode, TunnelsOptions } from '../gateway/index.ts';
import type { SiteAddress } from '../http/index.ts';
import { defaultHost, type SiteFile } from '../site/index.ts';

type SiteKeys = NonNullable<SiteFile['site']>;

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
  const range = portRange(ports);
  const bind = site.listen ?? defaultHost;
  return { kind: 'port', host: host ?? 'tasks.localhost', platformHost: siteHost(site), scheme, ports: range, bind };
}

/** Where listeners of tasks that are no web application are, and what users are told. */
export function tunnelPlace(site: SiteKeys): Pick<TunnelsOptions, 'bind' | 'host' | 'ports' | 'limits'> {
  const { listen: bind = defaultHost, host, ports, idleMinutes } = site.tasks?.tcp ?? {};
  return {
    bind,
    host: host ?? (isAnywhere(bind) ? siteHost(site) : bind),
    ...(ports === undefined ? {} : { ports: portRange(ports) }),
    ...(idleMinutes === undefined ? {} : { limits: { idle: idleMinutes * 60_000 } }),
  };
}

/** An address that stands for all of the machine's, which nobody can connect to. */
const isAnywhere = (bind: string): boolean => bind === '0.0.0.0' || bind === '::';

function portRange(text: string): { readonly from: number; readonly to: number } {
  const [from = 0, to = 0] = text.split('-').map(Number);
  return { from, to };
}

/** The port that browsers see: the public URL's where there is one. */
function publicPort(site: SiteKeys, port: number): number {
  if (!site.url) return port;
  const { port: written, protocol } = new URL(site.url);
  return written === '' ? (protocol === 'https:' ? 443 : 80) : Number(written);
}
