import assert from 'node:assert/strict';
import type { ExternalIdentity } from '../../auth.ts';

/** Demands a whole identity of `subject`. */
export function checkIdentity(identity: ExternalIdentity, subject: string): void {
  assert.equal(identity.subject, subject);
  assert.equal(typeof identity.emailVerified, 'boolean');
  assert(Array.isArray(identity.groups), 'groups are a list, be it empty');
  if (identity.email !== undefined) assert.match(identity.email, /^[^@\s]+@[^@\s]+$/u);
  if (identity.emailVerified) assert(identity.email !== undefined, 'what is verified is an address');
}
