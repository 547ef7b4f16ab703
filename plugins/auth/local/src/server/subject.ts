/** Whom a password belongs to: the e-mail address, written in one way. Also what the platform knows the identity by. */
export function subjectOf(email: string): string {
  return email.normalize('NFC').trim().toLowerCase();
}
