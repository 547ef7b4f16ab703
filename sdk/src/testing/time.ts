/**
 * How many times as long as usual tests wait before they give up: `STELE_TEST_PATIENCE`, for machines that are slow or busy.
 * Default 1.
 */
export const timeFactor = Number(process.env['STELE_TEST_PATIENCE']) || 1;

/** A signal for work that is to be done in time: it aborts after `limit` ms, on a slow machine later ({@link timeFactor}). */
export function inTime(limit: number): AbortSignal {
  return AbortSignal.timeout(limit * timeFactor);
}
