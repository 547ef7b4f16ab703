import type { AuthCall } from '../auth.ts';
import type { Call, Logger, UserIdentity } from '../call.ts';
import { inTime } from './time.ts';

/** A log that says nothing. */
export const silentLog: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A user as plugins see one. */
export const testUser: UserIdentity = { kind: 'user', id: '0197a3c0-0000-7000-8000-000000000001', name: 'ada' };

/** What accompanies a call in a test: a user, ten seconds at most, a silent log. */
export function testCall(parts: Partial<Call> = {}): Call {
  return { who: testUser, signal: inTime(10_000), log: silentLog, ...parts };
}

/** What accompanies a log-in in a test. */
export function testAuthCall(parts: Partial<AuthCall> = {}): AuthCall {
  const { signal, log } = testCall();
  return { signal, log, callback: 'http://localhost/auth/callback', ...parts };
}

/** A signal that has aborted. */
export function abortedSignal(): AbortSignal {
  return AbortSignal.abort(new Error('given up by the test'));
}
