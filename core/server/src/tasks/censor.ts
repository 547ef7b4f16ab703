import { isSteleError, messageOf, type RegistryCredentials, SteleError } from '@stele/sdk';

/**
 * Takes credentials out of what others say: a registry may repeat them in its refusal, and an engine passes that on. Without
 * credentials everything stays as it is. Pure.
 */
export class Censor {
  readonly #secrets: readonly string[];

  constructor(credentials: RegistryCredentials | undefined) {
    this.#secrets = credentials === undefined ? [] : formsOf(credentials);
  }

  /** A text without them. */
  text(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
  }

  /** An error, and what led to it, without them. */
  error(error: unknown): unknown {
    if (this.#secrets.length === 0 || error === undefined) return error;
    if (isSteleError(error)) return this.#coded(error);
    if (!(error instanceof Error)) return this.text(messageOf(error));
    const clean = new Error(this.text(error.message), { cause: this.error(error.cause) });
    return Object.assign(clean, { name: error.name, stack: this.text(error.stack ?? '') });
  }

  #coded(error: SteleError): SteleError {
    const { code, field, raw, cause } = error;
    const clean = new SteleError(code, this.text(error.message), {
      ...(field === undefined ? {} : { field }),
      ...(raw === undefined ? {} : { raw: this.text(raw) }),
      cause: this.error(cause),
    });
    return Object.assign(clean, { stack: this.text(error.stack ?? '') });
  }
}

/**
 * As it was entered, and as it travels: for URLs and forms, in JSON, and as HTTP's basic log-in; and whose account it is, which not
 * everybody may know, where a registry's token is asked for. The longest first.
 */
function formsOf({ username, password }: RegistryCredentials): string[] {
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  const inUrl = encodeURIComponent(password);
  // Of forms, programs encode these as well.
  const inForm = inUrl.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms = [password, inUrl, inForm, inForm.replaceAll('%20', '+'), JSON.stringify(password).slice(1, -1), basic];
  if (username !== '') forms.push(`account=${encodeURIComponent(username)}`);
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
}
