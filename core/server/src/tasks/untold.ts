import { isSteleError, SteleError } from '@stele/sdk';

/**
 * What is told of an image whose registry a user named. Engines go wherever a registry sends them, and repeat what they read there: their
 * words stay in the log, and whether nothing answers, or something that is no registry, reads the same. Every other error as it is. Pure.
 */
export function untold(error: unknown, registry: string): unknown {
  if (!isSteleError(error) || error.field !== 'image') return error;
  const { code, message } = error;
  if (code !== 'UNREACHABLE' && code !== 'PROTOCOL')
    return new SteleError(code, message, { field: 'image', cause: error });
  const words = `The image can’t be fetched: ${registry} doesn’t answer as a registry does. The platform’s log has the details.`;
  return new SteleError('UNREACHABLE', words, { field: 'image', cause: error });
}
