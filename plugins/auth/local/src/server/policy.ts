import { badPassword } from './errors.ts';
import { subjectOf } from './subject.ts';

export const minLength = 10;
export const maxLength = 1_024;

/** Throws for a password that is too easy or too long. Length is what counts: no rules about kinds of characters. */
export function checkPassword(password: string, subject: string): void {
  if (Array.from(password).length < minLength) throw badPassword(`A password has at least ${minLength} characters.`);
  if (password.length > maxLength) throw badPassword(`A password has at most ${maxLength} characters.`);
  if (new Set(password).size === 1) throw badPassword('A password needs more than one character over and over.');
  if (subjectOf(password) === subject) throw badPassword('A password must not be the e-mail address.');
}
