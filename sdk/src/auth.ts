import type { Call } from './call.ts';
import type { JsonObject, JsonSchema } from './json.ts';
import { extensionPoint } from './token.ts';

/** Who a provider says somebody is. `(issuer, subject)` is the identity; all the rest describes it. */
export interface ExternalIdentity {
  /**
   * Who gives out the subjects, where that isn't the provider itself: for OpenID Connect the issuer's URL. At most 1,000
   * characters. A provider that is renamed, or made to ask somebody else, must not turn one person into another.
   * Default: the provider's id.
   */
  readonly issuer?: string;
  /** Stable and unique within the issuer. 1–255 characters. */
  readonly subject: string;
  /** E-mail address, if the provider tells one. */
  readonly email?: string;
  /** Whether the provider has verified the address. Never guessed: only an account whose address is verified is linked. */
  readonly emailVerified: boolean;
  /** Name for people. */
  readonly name?: string;
  /** What they would like to be called in paths; the core makes a user name of it that is safe and free. */
  readonly username?: string;
  /** Groups of the platform that the provider puts them in, by name. Membership follows at each log-in. */
  readonly groups: readonly string[];
  /** Role that they have as long as the provider says so. Absent: what it gave before is taken back. */
  readonly role?: 'standard' | 'power' | 'admin';
  /** What {@link AuthProvider.logout} needs. Kept by the core, encrypted, as long as the session; at most 16 KiB. */
  readonly kept?: JsonObject;
}

/** What a provider without a session of the platform may know of a log-in. */
export type AuthCall = Omit<Call, 'who'> & {
  /** Where the browser comes back to: from a log-in exactly this address, with a query; from a log-out the page. */
  readonly callback: string;
};

/** How a log-in begins. */
export type AuthBegin =
  | { readonly kind: 'form' }
  | {
      readonly kind: 'redirect';
      /** Where the browser goes. */
      readonly url: string;
      /**
       * A value that the answer's query carries again, whatever the parameter is called, and that nobody can guess. The core
       * recognises the log-in by it, in the browser that began it alone.
       */
      readonly reference: string;
      /** What {@link AuthProvider.complete} needs again. Kept by the core, encrypted, for ten minutes and one use. */
      readonly state: JsonObject;
    };

/**
 * Secrets that a provider keeps itself, such as passwords. `subject` is that of the {@link ExternalIdentity} with which the
 * provider brought somebody. One that brings nobody keeps those of the accounts that were made here: for them it is the e-mail
 * address, without space around it, in NFC and small letters, and {@link AuthProvider.complete} gives the same, without an
 * issuer. The core lets them in by it once their secret was set through it, and takes nobody else's word for it.
 */
export interface AuthCredentials {
  /** Fields of the form that sets them. */
  readonly fields: JsonSchema;
  /** Whether `subject` has set theirs. */
  has(subject: string, call: Call): Promise<boolean>;
  /** Sets or replaces them. INVALID with a field below `fields`. */
  set(subject: string, values: JsonObject, call: Call): Promise<void>;
  /**
   * Whether `values`, by the names of `fields`, are theirs: asked of somebody who is logged in, before they change them.
   * Takes as long for who has none.
   */
  proves(subject: string, values: JsonObject, call: Call): Promise<boolean>;
  /** Forgets them. Idempotent. */
  remove(subject: string, call: Call): Promise<void>;
}

/** A way to log in: a password, an OpenID provider. It never touches users: linking and sessions are the core's. */
export interface AuthProvider {
  /** For people, on the button or above the form. */
  readonly title: string;
  /** Whether a form of ours or a redirect to theirs. */
  readonly kind: 'form' | 'redirect';
  /** Whether it may bring users that are not known yet. Without, its users are made here first, and named by {@link AuthCredentials}. */
  readonly bringsUsers: boolean;
  /** Fields of the form (form kind). */
  readonly fields?: JsonSchema;
  /** Whom a form is about, before anything is proved: attempts are counted by it (form kind). */
  accountOf?(input: JsonObject): string | undefined;
  /**
   * Why it can't be used at the moment, as a sentence; `undefined` while nothing is known against it. Asked whenever the
   * ways to log in are shown, so it answers within a second, and never throws.
   */
  trouble?(call: AuthCall): Promise<string | undefined>;
  /**
   * Starts a log-in.
   * @throws UNREACHABLE while the provider doesn't answer
   */
  begin(call: AuthCall): Promise<AuthBegin>;
  /**
   * Finishes it.
   * @param input the form's values, or the answer's query: texts
   * @param state what {@link AuthProvider.begin} gave; given once
   * @throws DENIED for whoever can't be let in; by a form in the same words and the same time, whatever the reason.
   * Errors quote nothing of `input`, and carry none of it as cause
   */
  complete(input: JsonObject, state: JsonObject, call: AuthCall): Promise<ExternalIdentity>;
  /**
   * Where the browser goes to log out there too; `undefined` where it can't.
   * @param kept of {@link ExternalIdentity}
   */
  logout?(kept: JsonObject, call: AuthCall): Promise<string | undefined>;
  /** Present where users set their secret on the account page. */
  readonly credentials?: AuthCredentials;
}

/** Where plugins add ways to log in. */
export const AuthProviders = extensionPoint<AuthProvider>('core.auth-providers');
