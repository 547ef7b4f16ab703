import assert from 'node:assert/strict';
import { type ErrorCode, hasCode, type SteleError } from '../errors.ts';
import { timeFactor } from './time.ts';

/** Demands that `work` fails with a coded error, and with a message that a person can read. */
export async function rejectsWith(
  code: ErrorCode | readonly ErrorCode[],
  work: Promise<unknown>,
  field?: string,
): Promise<SteleError> {
  const codes = typeof code === 'string' ? [code] : code;
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason ?? new Error('rejected with nothing'),
  );
  assert(error !== undefined, `must fail with ${codes.join(' or ')}, but succeeded`);
  assert(hasCode(error, ...codes), `must fail with ${codes.join(' or ')}, but failed with ${describe(error)}`);
  assert(error.message.length > 0, 'an error must say what happened');
  if (field !== undefined) assert.equal(error.field, field, 'the error must name the wrong field');
  return error;
}

/** Demands that `work` settles, one way or the other, within `limit` ms, on a slow machine later ({@link timeFactor}). */
export async function settlesWithin<T>(limit: number, what: string, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const most = limit * timeFactor;
  const timer = setTimeout(
    () => late.reject(new assert.AssertionError({ message: `${what} took more than ${most} ms` })),
    most,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds between two looks at most. */
const longestRest = 1_000;

/**
 * Waits until `isTrue` holds; fails after `limit` ms, on a slow machine later ({@link timeFactor}), saying what it waited for, and
 * how that was at last where `what` tells. It rests four times as long as a look takes, so that waiting leaves time to what is waited for.
 */
export async function eventually(
  what: string | (() => string),
  isTrue: () => boolean | Promise<boolean>,
  limit = 5_000,
): Promise<void> {
  const most = limit * timeFactor;
  const deadline = performance.now() + most;
  for (let start = performance.now(); !(await isTrue()); start = performance.now()) {
    const end = performance.now();
    if (end >= deadline) {
      const words = typeof what === 'string' ? what : what();
      assert.fail(`${words}: not within ${most} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(20, 4 * (end - start)), longestRest)));
  }
}

function describe(error: unknown): string {
  const coded = error as Partial<SteleError>;
  return `${coded.code ?? 'no code'}: ${coded.message ?? String(error)}`;
}
