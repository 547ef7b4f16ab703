import type { Duplex } from 'node:stream';

/** Where something listens, as seen from the side that dials. */
export type Address = TcpAddress | SocketAddress;

/** A TCP port. */
export interface TcpAddress {
  /** Host name or IP address. */
  readonly host: string;
  /** 1–65535. */
  readonly port: number;
}

/** A Unix socket. */
export interface SocketAddress {
  /** Absolute path. */
  readonly socket: string;
}

/** Opens byte streams to addresses as one place sees them. */
export interface Dialer {
  /**
   * Whether the platform's own process sees the same addresses, so that a caller may connect by itself and keep
   * connections alive instead of calling {@link Dialer.dial}.
   */
  readonly isDirect: boolean;
  /**
   * Opens one connection. The stream has a socket's manners: the far end's EOF ends it, errors destroy it, writes to a
   * closed one fail.
   * @throws UNREACHABLE when nothing listens or the way is cut; DENIED when forwarding is forbidden
   */
  dial(address: Address, signal: AbortSignal): Promise<Duplex>;
}

/** How to get to a task's interface: an address and who can dial it. */
export interface Reach {
  /** Where the interface listens, as `via` sees it. */
  readonly address: Address;
  /** Who dials. */
  readonly via: Dialer;
}
