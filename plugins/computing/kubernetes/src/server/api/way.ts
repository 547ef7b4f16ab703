import type { Duplex } from 'node:stream';
import type { SteleError } from '@stele/sdk';
import type { Landing } from './landing.ts';

/** How the API of one cluster is reached, and how one proves there who one is. */
export interface Way {
  /** For people: `10.0.0.1:6443`, `kubectl on alice@login.example.org`. */
  readonly name: string;
  /** What requests are sent to, as their header `Host`. */
  readonly host: string;
  /** What stands before each path, e.g. `/k8s/clusters/c-1`; empty in most places. */
  readonly base: string;
  /**
   * Opens a stream to it, for one request.
   * @param landing for much that comes, where the way can show it there
   * @throws UNREACHABLE, DENIED, INVALID
   */
  connect(signal: AbortSignal, landing?: Landing): Promise<Duplex>;
  /** What a request carries to prove who one is. Secret. */
  proof(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Forgets a proof that was refused. True where another one may be better. */
  renew(): Promise<boolean>;
  /** What an error of a stream means. */
  explain(error: unknown): SteleError;
}
