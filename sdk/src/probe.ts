import type { Duplex } from 'node:stream';
import { isSteleError, messageOf } from './errors.ts';
import type { ProbeResult } from './protocol.ts';

/** Opens one connection to an interface. */
export type Dial = (signal: AbortSignal) => Promise<Duplex>;

/** Milliseconds in which an interface that is up has greeted. */
const greetingLimit = 3_000;
/** Milliseconds that a connection has to last: what forwards a port accepts first and looks afterwards who is there. */
const lastingTime = 300;
/** Bytes in which a greeting's line has ended. */
const lineLimit = 4_096;

/**
 * Probes a protocol in which the server speaks first: reads one line, and says nothing itself.
 * @param isGreeting whether a line, without its end, is how the protocol begins
 * @param name the protocol, for people: `SSH`
 */
export function probeByGreeting(
  dial: Dial,
  signal: AbortSignal,
  name: string,
  isGreeting: (line: string) => boolean,
): Promise<ProbeResult> {
  return knock(dial, signal, greetingLimit, async (connection, until) => {
    const line = await firstLine(connection, until);
    if (line === '') return notReady('It closed the connection without a greeting.');
    return isGreeting(line) ? { isReady: true } : notReady(`It doesn’t speak ${name}: “${printable(line)}”.`);
  });
}

/** Probes what may speak anything: something accepts a connection, and keeps it or says something. */
export function probeByConnecting(dial: Dial, signal: AbortSignal): Promise<ProbeResult> {
  return knock(dial, signal, greetingLimit, async (connection, until) => {
    const isThere = await lasts(connection, until);
    return isThere ? { isReady: true } : notReady('It closed the connection at once.');
  });
}

async function knock(
  dial: Dial,
  signal: AbortSignal,
  limit: number,
  ask: (connection: Duplex, until: AbortSignal) => Promise<ProbeResult>,
): Promise<ProbeResult> {
  const late = AbortSignal.timeout(limit);
  const until = AbortSignal.any([signal, late]);
  let connection: Duplex | undefined;
  try {
    connection = await dialWithin(dial, until);
    return await ask(connection, until);
  } catch (error) {
    return notReady(late.aborted && !signal.aborted ? `It didn’t answer within ${limit / 1_000} s.` : reasonOf(error));
  } finally {
    connection?.destroy();
  }
}

/** Gives up with `signal` also where dialling itself doesn't; a connection that comes late is closed. */
function dialWithin(dial: Dial, signal: AbortSignal): Promise<Duplex> {
  return settling(signal, (resolve, reject) => {
    dial(signal).then((connection) => {
      // Errors reach whoever reads; one that comes after that would be fatal.
      connection.on('error', () => undefined);
      if (signal.aborted) connection.destroy();
      resolve(connection);
    }, reject);
  });
}

/** The first line, or what there was of it; no more is read, since a server may pour for ever. */
function firstLine(connection: Duplex, signal: AbortSignal): Promise<string> {
  let text = '';
  return settling(signal, (resolve, reject) => {
    connection.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1', 0, lineLimit);
      const end = text.search(/\r?\n/);
      if (end < 0 && text.length < lineLimit) return;
      connection.pause();
      resolve(text.slice(0, end < 0 ? lineLimit : end));
    });
    connection.once('error', reject);
    connection.once('close', () => resolve(text));
    connection.once('end', () => resolve(text));
  });
}

function lasts(connection: Duplex, signal: AbortSignal): Promise<boolean> {
  return settling(signal, (resolve, reject) => {
    const timer = setTimeout(() => resolve(true), lastingTime);
    connection.once('data', () => resolve(true));
    connection.once('error', reject);
    connection.once('end', () => resolve(false));
    connection.once('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

/** A promise that also rejects when the signal is aborted. */
function settling<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const give = (): void => reject(signal.reason as Error);
    if (signal.aborted) return give();
    signal.addEventListener('abort', give, { once: true });
    const leave = (): void => signal.removeEventListener('abort', give);
    start(
      (value) => (leave(), resolve(value)),
      (error) => (leave(), reject(error as Error)),
    );
  });
}

function reasonOf(error: unknown): string {
  if (isSteleError(error)) return error.message;
  const code = String((error as NodeJS.ErrnoException | undefined)?.code ?? '');
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'Nothing listens there yet.';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'It closed the connection at once.';
  return messageOf(error);
}

const notReady = (reason: string): ProbeResult => ({ isReady: false, reason });

const printable = (line: string): string => line.slice(0, 40).replace(/[^\u0020-\u007e]/g, '.');
