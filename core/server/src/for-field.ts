import { isSteleError, SteleError } from '@stele/sdk';

/** What is found for one field of a wish: a refusal names that field, whatever it was called where it was refused. */
export async function forField<T>(field: string, found: Promise<T>): Promise<T> {
  try {
    return await found;
  } catch (cause) {
    if (isSteleError(cause)) throw new SteleError(cause.code, cause.message, { field, cause });
    throw cause;
  }
}
