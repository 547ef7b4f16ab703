import type { AuthCredentials, JsonObject } from '@stele/sdk';
import { noSubject, noText } from './errors.ts';
import type { Passwords } from './passwords.ts';
import { checkPassword, maxLength, minLength } from './policy.ts';
import { subjectOf } from './subject.ts';

/** Setting a password: on the account page, and when the platform makes a user. */
export class PasswordCredentials implements AuthCredentials {
  readonly fields = {
    type: 'object',
    properties: {
      password: {
        type: 'string',
        title: 'New password',
        description: `At least ${minLength} characters. A sentence is easier to remember than a riddle.`,
        minLength,
        maxLength,
        'x-secret': true,
      },
    },
    required: ['password'],
    additionalProperties: false,
  };
  readonly #passwords: Passwords;

  constructor(passwords: Passwords) {
    this.#passwords = passwords;
  }

  has(subject: string): Promise<boolean> {
    return this.#passwords.has(subjectOf(subject));
  }

  async set(subject: string, values: JsonObject): Promise<void> {
    const owner = subjectOf(subject);
    if (owner === '') throw noSubject();
    if (typeof values['password'] !== 'string') throw noText('password');
    checkPassword(values['password'], owner);
    await this.#passwords.set(owner, values['password']);
  }

  async proves(subject: string, { password }: JsonObject): Promise<boolean> {
    return await this.#passwords.matches(subjectOf(subject), typeof password === 'string' ? password : '');
  }

  async remove(subject: string): Promise<void> {
    await this.#passwords.remove(subjectOf(subject));
  }
}
