import type { AuthBegin, AuthCall, AuthCredentials, AuthProvider, ExternalIdentity, JsonObject } from '@stele/sdk';
import { givenUp, noText, wrongLogin } from './errors.ts';
import { PasswordCredentials } from './password-credentials.ts';
import type { Passwords } from './passwords.ts';
import { maxLength } from './policy.ts';
import { subjectOf } from './subject.ts';

/** Longest address that mail knows (RFC 5321), in characters. */
const emailLimit = 254;

/** Log-in with e-mail address and password, kept here. */
export class LocalAuth implements AuthProvider {
  readonly title = 'E-mail and password';
  readonly kind = 'form';
  readonly bringsUsers = false;
  readonly fields = {
    type: 'object',
    properties: {
      email: { type: 'string', format: 'email', title: 'E-mail', minLength: 1, maxLength: emailLimit, 'x-order': 1 },
      password: {
        type: 'string',
        title: 'Password',
        minLength: 1,
        maxLength,
        'x-order': 2,
        'x-secret': true,
      },
    },
    required: ['email', 'password'],
    additionalProperties: false,
  };
  readonly credentials: AuthCredentials;
  readonly #passwords: Passwords;

  constructor(passwords: Passwords) {
    this.#passwords = passwords;
    this.credentials = new PasswordCredentials(passwords);
  }

  accountOf({ email }: JsonObject): string | undefined {
    return typeof email === 'string' ? subjectOf(email) : undefined;
  }

  begin(): Promise<AuthBegin> {
    return Promise.resolve({ kind: 'form' });
  }

  async complete(input: JsonObject, _state: JsonObject, call: AuthCall): Promise<ExternalIdentity> {
    const { email, password } = input;
    if (typeof email !== 'string') throw noText('email');
    if (typeof password !== 'string') throw noText('password');
    if (call.signal.aborted) throw givenUp(call.signal);
    const subject = subjectOf(email);
    if (!(await this.#passwords.matches(subject, password))) throw wrongLogin();
    return { subject, email: subject, emailVerified: true, groups: [] };
  }
}
