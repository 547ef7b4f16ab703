import type { Duplex } from 'node:stream';

/** Bytes in which a status line must have ended. */
const lineLimit = 4_096;

/**
 * Sends a request and reads the first line of what comes back; `` when the connection closes before one has come. Reads
 * no further: a task may stream for ever.
 */
export function readStatus(stream: Duplex, request: Uint8Array, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', onAbort);
      stream.off('data', onData);
      stream.destroy();
      finish();
    };
    const onAbort = () => settle(() => reject(signal.reason as Error));
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1', 0, lineLimit);
      const end = text.indexOf('\n');
      if (end >= 0 || text.length >= lineLimit) settle(() => resolve(text.slice(0, end < 0 ? lineLimit : end)));
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    stream.on('data', onData);
    stream.on('error', (error) => settle(() => reject(error)));
    stream.once('close', () => settle(() => resolve('')));
    stream.once('end', () => settle(() => resolve('')));
    stream.write(request);
  });
}
