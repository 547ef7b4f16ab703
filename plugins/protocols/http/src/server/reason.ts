import { isSteleError, messageOf } from '@stele/sdk';

/** Why a probe failed, in a sentence for whoever waits for a task. */
export function reasonOf(error: unknown): string {
  if (isSteleError(error)) return error.message;
  const code = String((error as NodeJS.ErrnoException | undefined)?.code ?? '');
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'Nothing listens there yet.';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'It closed the connection without an answer.';
  if (code.startsWith('ERR_SSL')) return 'It doesn’t speak TLS.';
  return messageOf(error);
}
