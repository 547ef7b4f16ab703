import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { SteleError } from '@stele/sdk';
import { WebSocket } from 'ws';
import { statusOf } from '../api/failures.ts';
import type { ClusterApi } from '../api/cluster-api.ts';
import { paths } from '../api/request.ts';
import type { Place } from '../names.ts';
import { protocol, readFrame } from '../reach/web-socket/frames.ts';
import { upgraded } from '../reach/web-socket/link.ts';

/** Milliseconds for the API server and the node to begin. */
const patience = 30_000;
/** Channels of a program that is run in a pod. */
const [stdin, stdout, stderr, status] = [0, 1, 2, 3];
/** Bytes in one message: what nodes read at once. */
const mostAtOnce = 32 * 1024;

/**
 * Runs a program in a pod's container, through the API: what is written goes to its standard input, what it prints is read. It ends
 * with the stream. The API has no way to say that nothing more will be written.
 * @throws UNREACHABLE, DENIED, NOT_FOUND
 */
export async function exec(
  api: ClusterApi,
  { namespace, name }: Place,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<Duplex> {
  const { way } = api;
  const until = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const [proof, carrier] = [await way.proof(until), await way.connect(until)];
  const query = new URLSearchParams([
    ...argv.map((word): [string, string] => ['command', word]),
    ...['stdin', 'stdout', 'stderr'].map((one): [string, string] => [one, 'true']),
  ]);
  const url = `ws://${way.host}${way.base}${paths.exec(namespace, name)}?${query.toString()}`;
  const running = new Running(url, proof, carrier);
  const give = (): void => void running.destroy(until.reason as Error);
  until.addEventListener('abort', give, { once: true });
  try {
    until.throwIfAborted();
    await running.begun(way.name);
    return running;
  } catch (error) {
    running.destroy();
    throw api.explained(error, signal);
  } finally {
    until.removeEventListener('abort', give);
  }
}

/** A program that runs in a pod. What isn't read stops it; what it doesn't read waits. */
class Running extends Duplex {
  readonly #socket: WebSocket;
  readonly #carrier: Duplex;
  #said = '';
  #failure: string | undefined;

  constructor(url: string, proof: Readonly<Record<string, string>>, carrier: Duplex) {
    super({ highWaterMark: 256 * 1024 });
    this.#carrier = carrier;
    this.#socket = new WebSocket(url, protocol, {
      createConnection: () => carrier as Socket,
      headers: proof,
      perMessageDeflate: false,
      maxPayload: 1 << 20,
      skipUTF8Validation: true,
    });
    this.#socket.binaryType = 'nodebuffer';
    this.#socket.on('message', (message) => this.#take(message as Buffer));
    this.#socket.on('close', () => this.#over());
    this.#socket.on('error', (error) => this.destroy(error));
    // Who waits for it to begin hears of what goes wrong before.
    this.on('error', () => undefined);
  }

  begun(where: string): Promise<void> {
    return Promise.race([
      upgraded(this.#socket, where, 'runs nothing in pods'),
      new Promise<never>((_, reject) => this.once('close', () => reject(this.errored ?? new Error('closed')))),
    ]);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (chunk.length === 0) return done();
    for (let at = 0; at < chunk.length; at += mostAtOnce) {
      const message = Buffer.concat([Buffer.of(stdin), chunk.subarray(at, at + mostAtOnce)]);
      const isLast = at + mostAtOnce >= chunk.length;
      this.#socket.send(message, { binary: true }, isLast ? (error) => done(error ?? null) : undefined);
    }
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.close();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.terminate();
    this.#carrier.destroy();
    done(error);
  }

  #take(message: Buffer): void {
    const { channel, content } = readFrame(message);
    if (channel === stdout && content.length > 0 && !this.push(content)) this.#socket.pause();
    if (channel === stderr && this.#said.length < 4_096) this.#said += Buffer.from(content).toString();
    if (channel === status && content.length > 0) this.#judge(Buffer.from(content).toString());
  }

  /** The last word: how the program ended, or why it never ran. */
  #judge(text: string): void {
    if (!/"status":\s*"Success"/.test(text)) this.#failure = statusOf(0, text).message;
  }

  #over(): void {
    if (this.#failure === undefined) return void this.push(null);
    const words = this.#said.trim() === '' ? this.#failure : this.#said.trim().slice(-500);
    this.destroy(new SteleError('UNREACHABLE', `What copies the files has ended: ${words}.`, { raw: this.#failure }));
  }
}
