import { randomBytes } from 'node:crypto';
import type { Logger } from '@stele/sdk';
import type { TicketLedger } from './tickets.ts';
import type { Clock, Random, SessionGuard, TaskDirectory } from './ports.ts';

/** Each task is a sub-domain, served by the platform's own listener. */
export interface SubdomainMode {
  readonly kind: 'subdomain';
  /** `tasks.localhost`, `stele-tasks.example.org`. */
  readonly domain: string;
  /** As browsers see it. */
  readonly scheme: 'http' | 'https';
  /** As browsers see it; asked after the listener is up. */
  port(): number;
}

/** Each task is a port of one host. */
export interface PortMode {
  readonly kind: 'port';
  /** As browsers see it; never {@link PortMode.platformHost}, whose cookies its ports would share. */
  readonly host: string;
  readonly platformHost: string;
  /** As browsers see it. */
  readonly scheme: 'http' | 'https';
  /** Both inclusive. */
  readonly ports: { readonly from: number; readonly to: number };
  /** Address that the listeners bind. */
  readonly bind: string;
}

export interface GatewayLimits {
  /** Connections to one task that carry requests. */
  readonly socketsPerTask: number;
  readonly webSocketsPerTask: number;
  /** Tickets of one session that wait to be used. */
  readonly ticketsPerSession: number;
  /** Milliseconds that a ticket is good for. */
  readonly ticketLife: number;
  /** Milliseconds after which a decision is asked for again. */
  readonly decisionLife: number;
  /** Milliseconds that a task may take to accept a connection. */
  readonly connectTimeout: number;
  /** Milliseconds of silence before TCP asks whether the other end of a connection is still there. */
  readonly keepAliveDelay: number;
}

export const defaultLimits: GatewayLimits = {
  socketsPerTask: 256,
  webSocketsPerTask: 512,
  ticketsPerSession: 32,
  ticketLife: 30_000,
  decisionLife: 60_000,
  connectTimeout: 10_000,
  keepAliveDelay: 30_000,
};

export interface GatewayOptions {
  readonly mode: SubdomainMode | PortMode;
  readonly tasks: TaskDirectory;
  readonly sessions: SessionGuard;
  /** The platform's page about a task, absolute: where those go who may not enter. */
  taskPage(key: string): string;
  /** 32 bytes that seal entry cookies; the same after a restart, so that open pages survive it. */
  readonly secret: Uint8Array;
  /** Addresses or networks (CIDR) of reverse proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[];
  /** Where tickets are kept. Default: in memory. */
  readonly tickets?: TicketLedger;
  readonly log: Logger;
  readonly limits?: Partial<GatewayLimits>;
  readonly clock?: Clock;
  readonly random?: Random;
}

export const systemClock: Clock = { now: () => Date.now() };
export const systemRandom: Random = { bytes: randomBytes };
