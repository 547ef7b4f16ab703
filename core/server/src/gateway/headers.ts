import { type Jar, cookieFromTask, cookiesForTask } from './cookies.ts';

/** Rewrites headers between a browser and a task. Pure. Headers are flat lists as `rawHeaders` has them. */

/** What a task is told about who asks, instead of what the client said about itself. */
export interface Forwarded {
  /** Value of `X-Forwarded-For`. */
  readonly client: string;
  readonly scheme: 'http' | 'https';
  /** Public host of the task's origin, with its port unless that is the scheme's own. */
  readonly host: string;
  readonly port: number;
}

/** Meant for the next hop only (RFC 9110 §7.6.1), or said anew by us. */
const dropped = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What a client could only lie about, and names that CGI would turn into settings (`Proxy`). */
const claims = new Set([
  'host',
  'forwarded',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'client-ip',
  'proxy',
  'cookie',
  'expect',
]);

const unforwarded = dropped.union(claims);

/** What else must not come under another spelling: how long a body is, who asks, and from where. */
const ours = new Set(['content-length', 'authorization', 'origin']);

const platformToken = /^\s*bearer\s+stele_/i;

/** The headers that a task gets. `cookie` is all `Cookie` headers in one. */
export function headersForTask(raw: readonly string[], cookie: string | undefined, jar: Jar, by: Forwarded): string[] {
  const named = namedByConnection(raw);
  const headers = ['Host', by.host];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    const value = raw[i + 1] as string;
    const lower = name.toLowerCase();
    if (unforwarded.has(lower) || named?.has(lower) === true) continue;
    if (lower.startsWith('x-forwarded-') || (lower.includes('_') && isDisguised(lower))) continue;
    if (lower === 'authorization' && platformToken.test(value)) continue;
    headers.push(name, value);
  }
  const cookies = cookie === undefined ? undefined : cookiesForTask(cookie, jar);
  if (cookies !== undefined) headers.push('Cookie', cookies);
  headers.push('X-Forwarded-For', by.client, 'X-Forwarded-Proto', by.scheme);
  headers.push('X-Forwarded-Host', by.host, 'X-Forwarded-Port', String(by.port));
  return headers;
}

/** What CGI and WSGI can't tell from a name that is ours to say: to them `_` and `-` are one. */
function isDisguised(name: string): boolean {
  const plain = name.replaceAll('_', '-');
  return unforwarded.has(plain) || plain.startsWith('x-forwarded-') || ours.has(plain);
}

/** With `authorization`, unless the client says itself who it is: an application's own log-in has the word. Changes `headers`. */
export function authorized(headers: string[], authorization: string | undefined): string[] {
  if (authorization === undefined) return headers;
  for (let i = 0; i < headers.length; i += 2) if (headers[i]?.toLowerCase() === 'authorization') return headers;
  headers.push('Authorization', authorization);
  return headers;
}

/** Headers that `Connection` declares to be for this hop only; the common values name none. */
function namedByConnection(raw: readonly string[]): ReadonlySet<string> | undefined {
  let named: Set<string> | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    if ((raw[i] as string).toLowerCase() !== 'connection') continue;
    const value = (raw[i + 1] as string).toLowerCase();
    if (value === 'keep-alive' || value === 'close' || value === 'upgrade') continue;
    named ??= new Set();
    for (const token of value.split(',')) named.add(token.trim());
  }
  // A client that declares these to be hop-by-hop wants them lost on the way to the task: they are ours to decide.
  for (const kept of ['content-length', 'content-type', 'origin', 'authorization']) named?.delete(kept);
  return named;
}

/** What a task may not say to the browser: the host is not its own, or the platform has spoken. */
const unspeakable = new Set(['alt-svc', 'strict-transport-security', 'public-key-pins', 'nel', 'report-to']);

/** The headers that the browser gets of a task's answer. */
export function headersFromTask(raw: readonly string[], jar: Jar): string[] {
  const named = namedByConnection(raw);
  const headers: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    const lower = name.toLowerCase();
    if (dropped.has(lower) || unspeakable.has(lower) || named?.has(lower) === true) continue;
    const value = valueFromTask(lower, raw[i + 1] as string, jar);
    if (value !== undefined) headers.push(name, value);
  }
  return headers;
}

function valueFromTask(name: string, value: string, jar: Jar): string | undefined {
  if (name === 'set-cookie') return cookieFromTask(value, jar);
  if (name === 'clear-site-data') return siteDataFromTask(value);
  return value;
}

/**
 * `Clear-Site-Data` without what reaches beyond the task's origin: Chromium 156 takes `"cookies"` for the whole
 * registrable domain, other tasks' cookies included.
 */
export function siteDataFromTask(value: string): string | undefined {
  const parts = value.split(',').map((part) => part.trim());
  const all = ['"cache"', '"storage"', '"executionContexts"'];
  const kept = parts.includes('"*"') ? all : parts.filter((part) => all.includes(part));
  return kept.length > 0 ? kept.join(', ') : undefined;
}
