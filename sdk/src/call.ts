/** Structured log of one component. Values of secrets never go in. */
export interface Logger {
  /** For who looks for a bug. */
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** What an operator may like to know. */
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Something is off, and was handled. */
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Something is broken and wants a person. Put the error under `error`. */
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** With whose credentials a call acts on a resource. */
export type Identity = PlatformIdentity | UserIdentity;

/** The platform itself: reconciler, checks, resources with platform credentials. */
export interface PlatformIdentity {
  /** Tells the two apart. */
  readonly kind: 'platform';
}

/** One user of the platform. */
export interface UserIdentity {
  /** Tells the two apart. */
  readonly kind: 'user';
  /** The user's id (UUID). */
  readonly id: string;
  /** A name that is safe in a path: `[a-z0-9][a-z0-9_-]{0,31}`, unique on the platform. What `$USER` becomes. */
  readonly name: string;
}

/** What accompanies every call into a plugin. */
export interface Call {
  /** On whose behalf. */
  readonly who: Identity;
  /** Ends the call: its deadline, or the one who asked has left. The implementation stops and cleans up. */
  readonly signal: AbortSignal;
  /** Where this call logs to. */
  readonly log: Logger;
  /**
   * Whether this only finds out what the caller's credentials are worth: whoever logs in for it does so anew, with those that are to
   * stay. Default: no.
   */
  readonly isTrial?: boolean;
}
