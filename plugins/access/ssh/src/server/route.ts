import type { Pin } from './keys/pins.ts';
import type { PublicKey } from './keys/public-key.ts';

/** One SSH server on the way. */
export interface Hop {
  readonly host: string;
  readonly port: number;
  /** Name of the account on it. */
  readonly user: string;
  /** The keys by which it is known. Empty: nobody has confirmed one yet. */
  readonly pins: readonly Pin[];
  /** Keys that must not be accepted, whoever vouches for them. Default: none. */
  readonly revoked?: readonly PublicKey[];
  /** Networks in which it may lie beside public addresses. Absent: it may be anywhere. */
  readonly publicOr?: readonly string[];
  /** Where its keys are pinned, for messages: `accessConf.hostKeys`. */
  readonly field: string;
}

/** From the platform to a host: the hops in between, and the host at the end. */
export type Route = readonly [Hop, ...Hop[]];

/** The route with its first hop, which the platform itself connects to, at public addresses or in these networks alone. */
export function guarded([first, ...rest]: Route, publicOr: readonly string[]): Route {
  return [{ ...first, publicOr }, ...rest];
}

export function last(route: Route): Hop {
  return route.at(-1) ?? route[0];
}

/** The route without its last hop; `undefined` when that is reached directly. */
export function before(route: Route): Route | undefined {
  const [first, ...rest] = route.slice(0, -1);
  return first === undefined ? undefined : [first, ...rest];
}

/** For people: `alice@login.example.org`, with a port that isn't the usual one. */
export function nameOf({ host, port, user }: Hop): string {
  const address = host.includes(':') ? `[${host}]` : host;
  return `${user}@${address}${port === 22 ? '' : `:${port}`}`;
}

/** Tells routes apart: whoever changes a pin gets a new connection. */
export function routeKey(route: Route): string {
  const hops = route.map(({ host, port, user, pins, revoked = [], publicOr }) => [
    ...[host, port, user, publicOr ?? null],
    pins.map(({ isAuthority, blob }) => `${isAuthority ? '@' : ''}${blob.toString('base64')}`).sort(),
    revoked.map(({ blob }) => blob.toString('base64')).sort(),
  ]);
  return JSON.stringify(hops);
}
