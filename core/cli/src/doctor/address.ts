import { isNetwork } from '@stele/sdk';
import { defaultHost, defaultPort, gatewayMode, type Site, siteAddress } from '@stele/server/inspect';
import { broken, type Finding, fine, weak } from './finding.ts';

type Address = NonNullable<Site['file']['site']>;
type Mode = ReturnType<typeof gatewayMode>;
type PortMode = Extract<Mode, { kind: 'port' }>;

/** The platform's address and those of its tasks. Pure. */
export function checkAddress(address: Address): Finding[] {
  const { port = defaultPort, listen = defaultHost } = address;
  const platform = new URL(siteAddress(address, port).origin);
  const mode = gatewayMode(address, () => port);
  const tasks = mode.kind === 'port' ? checkPorts(platform, port, mode) : checkDomain(platform, mode.domain);
  return [
    checkUrl(platform),
    ...checkListen(platform, listen),
    tasks,
    ...checkProxies(platform, address.trustedProxies),
  ];
}

function checkUrl(platform: URL): Finding {
  if (platform.protocol === 'https:' || isLocal(platform.hostname)) return fine('address', platform.origin);
  const says = `${platform.origin} is not encrypted: passwords and sessions can be read on the way`;
  return weak('address', says, 'Put a reverse proxy with TLS in front, and say “site.url: https://…”.');
}

function checkListen(platform: URL, listen: string): Finding[] {
  if (isLocal(listen) || !isLocal(platform.hostname)) return [];
  const says = `it listens on ${listen}, and answers to ${platform.host} alone`;
  return [weak('address', says, 'Say in “site.url” how others reach it, or leave “site.listen” out.')];
}

/** Whoever ends TLS is a proxy, and all users come from its address unless it is believed. */
function checkProxies(platform: URL, trusted: readonly string[] = []): Finding[] {
  const check = 'proxies';
  const wrong = trusted.filter((network) => !isNetwork(network));
  if (wrong.length > 0) {
    const advice = 'Write addresses, or networks such as 10.0.0.0/8.';
    return wrong.map((network) => broken(check, `site.trustedProxies: ${network} is no address or network`, advice));
  }
  if (trusted.length > 0) return [fine(check, `${trusted.join(', ')} may say who the client is`)];
  if (platform.protocol !== 'https:') return [];
  const says = 'a proxy ends TLS, and is not trusted to say who the client is: log-in limits take all users for one';
  return [weak(check, says, 'Name its address in “site.trustedProxies”.')];
}

const tasks = 'task addresses';

/** What tasks serve must not share cookies with the platform, nor be able to set some for it. */
function checkDomain(platform: URL, domain: string): Finding {
  const host = platform.hostname.toLowerCase();
  const name = domain.toLowerCase();
  const advice = 'Take a domain of its own, such as stele-tasks.net for stele.org.';
  if (name === host) return broken(tasks, `${name} is the platform’s own host`, advice);
  if (isLocal(name)) return isLocal(host) ? fine(tasks, `sub-domains of ${name}`) : outOfReach(name);
  const parent = sharedParent(name, host);
  if (parent === undefined) return fine(tasks, `sub-domains of ${name}`);
  const says = `${name} and ${host} are both within ${parent}: what a task serves can set cookies for the platform`;
  return weak(tasks, says, advice);
}

function outOfReach(name: string): Finding {
  const says = `tasks are at ${name}, which leads each browser to its own machine`;
  return broken(
    tasks,
    says,
    'Say “site.tasks.domain” (or “site.tasks.host” in port mode), and let that name lead here.',
  );
}

const fewPorts = 20;

function checkPorts(platform: URL, own: number, { host, platformHost, ports: { from, to } }: PortMode): Finding {
  const range = `${from}-${to}`;
  if (host.toLowerCase() === platformHost.toLowerCase()) {
    const says = `${host} is the platform’s own host: cookies ignore ports, so tasks would get the platform’s`;
    return broken(tasks, says, 'Give “site.tasks.host” another name of this machine.');
  }
  if (isLocal(host) && !isLocal(platformHost)) return outOfReach(host);
  if (from < 1 || from > to || to > 65_535) {
    return broken(tasks, `site.tasks.ports: ${range} is no range`, 'First port, dash, last port, up to 65535.');
  }
  const taken = [own, Number(platform.port)].find((port) => port >= from && port <= to);
  if (taken !== undefined)
    return broken(tasks, `the platform’s port ${taken} is within ${range}`, 'Choose another range.');
  if (to - from + 1 >= fewPorts) return fine(tasks, `ports ${range} of ${host}`);
  return weak(tasks, `${range}: only ${to - from + 1} tasks can be open at a time`, 'Choose a wider range.');
}

/** Longest common ending of two names, unless that is a top-level domain. */
export function sharedParent(one: string, other: string): string | undefined {
  const a = one.split('.').toReversed();
  const b = other.split('.').toReversed();
  const differs = a.findIndex((label, at) => label !== b[at]);
  const shared = a.slice(0, differs === -1 ? a.length : differs);
  return shared.length < 2 ? undefined : shared.toReversed().join('.');
}

/** Names and addresses that a browser takes for its own machine. */
export function isLocal(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || /^\[?::1\]?$/.test(host);
}
