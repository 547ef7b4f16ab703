/** Who has an account at the provider: claims by subject. */
export type Accounts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** How a provider of the tests is made. */
export interface ProviderOptions {
  readonly clients: readonly {
    readonly client_id: string;
    readonly client_secret?: string;
    readonly redirect_uris: string[];
    readonly post_logout_redirect_uris?: string[];
    readonly token_endpoint_auth_method?: 'client_secret_basic' | 'client_secret_post' | 'none';
  }[];
  readonly accounts: Accounts;
  /** Address of the loopback: cookies tell hosts apart, not ports. Default: 127.0.0.1. */
  readonly host?: string;
  /** 0, the default, picks a free one. */
  readonly port?: number;
  /** Seconds that its clock is ahead. */
  readonly clockOffset?: number;
  /** Seconds that ID tokens are valid. */
  readonly tokenLife?: number;
  /** Whether it has a log-out. Default: yes. */
  readonly logsOut?: boolean;
  /** Whether all claims are in the ID token already, and not at its userinfo endpoint alone. */
  readonly inToken?: boolean;
}
