import type { Duplex } from 'node:stream';
import { extensionPoint } from './token.ts';

/** What a probe found. */
export interface ProbeResult {
  /** Whether the interface answers in its protocol. */
  readonly isReady: boolean;
  /** Why not, in a sentence. */
  readonly reason?: string;
}

/** A protocol that task interfaces speak: `http`, `vnc`, `ssh`. */
export interface InterfaceProtocol {
  /** For people, e.g. `Web application`. */
  readonly title: string;
  /** `proxied`: the gateway carries it on the task's web origin. `tunnelled`: a TCP listener is opened on request. */
  readonly exposure: 'proxied' | 'tunnelled';
  /** Transports it runs over. */
  readonly transports: readonly ('tcp' | 'udp')[];
  /** Scheme that the gateway speaks to the task (proxied). */
  readonly scheme?: 'http' | 'https';
  /** Whether only power users may launch software that speaks it. */
  readonly needsPowerUser: boolean;
  /** What to tell the user about connecting (tunnelled), e.g. `ssh -p {port} {user}@{host}`; `{user}` is the task's `AUTH_USER`. */
  readonly hint?: string;
  /**
   * Knocks once. Never throws for a task that isn't up yet: that is `isReady: false`.
   * @param dial opens one connection to the interface
   */
  probe(dial: (signal: AbortSignal) => Promise<Duplex>, signal: AbortSignal): Promise<ProbeResult>;
}

/** Where plugins add interface protocols. */
export const InterfaceProtocols = extensionPoint<InterfaceProtocol>('core.interface-protocols');
