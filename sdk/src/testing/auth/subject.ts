import type { AuthProvider, ExternalIdentity } from '../../auth.ts';
import type { JsonObject } from '../../json.ts';

/** What the {@link describeAuthProvider} kit tests. */
export interface AuthProviderSubject {
  /** For the tests' titles. */
  readonly title: string;
  /** The provider, ready for log-ins. Called for each test; may give the same one. */
  open(): Promise<AuthProvider>;
  /** For a provider of kind `form`. */
  readonly form?: FormSubject;
  /** For a provider of kind `redirect`. */
  readonly redirect?: RedirectSubject;
  /** For a provider that keeps credentials. */
  readonly credentials?: CredentialsSubject;
}

/** Log-ins by form. */
export interface FormSubject {
  /** What somebody fills in who has an account. */
  readonly right: JsonObject;
  /** Who that is. */
  readonly subject: ExternalIdentity['subject'];
  /** The same account with a wrong secret. */
  readonly wrong: JsonObject;
  /** Nobody's account. */
  readonly unknown: JsonObject;
}

/** Log-ins by redirect. */
export interface RedirectSubject {
  /** Plays the browser at the provider: logs in and gives the callback's query. */
  follow(url: string): Promise<JsonObject>;
  /** Who logs in. */
  readonly subject: ExternalIdentity['subject'];
}

/** Secrets that users set. */
export interface CredentialsSubject {
  /** Whose. Has none before the test. */
  readonly subject: string;
  /** Values that are fine, and others that are fine too. */
  readonly values: readonly [JsonObject, JsonObject];
  /** Values that are refused, with the field that is to blame. */
  readonly refused: readonly { readonly what: string; readonly values: JsonObject; readonly field: string }[];
  /** The log-in form for `subject` with `values`; absent where the credentials are no log-in. */
  login?(subject: string, values: JsonObject): JsonObject;
}
