import type { Call } from './call.ts';
import type { JsonObject, JsonSchema } from './json.ts';
import { extensionPoint } from './token.ts';

/** Who a provider says somebody is. `(provider, subject)` is the identity; e-mail and name are descriptions. */
export interface ExternalIdentity {
  /** Stable and unique within the provider. */
  readonly subject: string;
  /** E-mail address, if the provider tells one. */
  readonly email?: string;
  /** Whether the provider has verified the address. */
  readonly emailVerified: boolean;
  /** Name for people. */
  readonly name?: string;
  /** Groups that the provider puts them in. */
  readonly groups: readonly string[];
}

/** What a provider without a session of the platform may know of a log-in. */
export type AuthCall = Omit<Call, 'who'> & {
  /** Where the browser comes back to (redirect kind). */
  readonly callback: string;
};

/** How a log-in begins. */
export type AuthBegin =
  | { readonly kind: 'form' }
  | {
      readonly kind: 'redirect';
      /** Where the browser goes. */
      readonly url: string;
      /** What {@link AuthProvider.complete} needs again; kept by the core, bound to the browser. */
      readonly state: JsonObject;
    };

/** Secrets that a provider keeps itself, such as passwords. */
export interface AuthCredentials {
  /** Fields of the form that sets them. */
  readonly fields: JsonSchema;
  /** Whether `subject` has set theirs. */
  has(subject: string, call: Call): Promise<boolean>;
  /** Sets or replaces them. INVALID with a field below `fields`. */
  set(subject: string, values: JsonObject, call: Call): Promise<void>;
  /** Forgets them. Idempotent. */
  remove(subject: string, call: Call): Promise<void>;
}

/** A way to log in: `local`, `oidc`. It never touches users: linking and sessions are the core's. */
export interface AuthProvider {
  /** For people, on the button or above the form. */
  readonly title: string;
  /** Whether a form of ours or a redirect to theirs. */
  readonly kind: 'form' | 'redirect';
  /** Fields of the form (form kind). */
  readonly fields?: JsonSchema;
  /** Starts a log-in. */
  begin(call: AuthCall): Promise<AuthBegin>;
  /**
   * Finishes it.
   * @param input the form's values, or the callback's query
   * @param state what {@link AuthProvider.begin} gave
   * @throws DENIED for whoever can't be let in, whatever the reason, in the same words and the same time
   */
  complete(input: JsonObject, state: JsonObject, call: AuthCall): Promise<ExternalIdentity>;
  /** Where the browser goes to log out there too. */
  logout?(identity: ExternalIdentity, call: AuthCall): Promise<string | undefined>;
  /** Present where users set their secret on the account page. */
  readonly credentials?: AuthCredentials;
}

/** Where plugins add ways to log in. */
export const AuthProviders = extensionPoint<AuthProvider>('core.auth-providers');
