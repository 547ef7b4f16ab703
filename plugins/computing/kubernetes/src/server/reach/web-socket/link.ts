import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SteleError } from '@stele/sdk';
import { WebSocket } from 'ws';
import { textOf } from '../../api/bodies.ts';
import { failureOf, statusOf } from '../../api/failures.ts';
import type { Link, LinkEvents, Opening } from '../link.ts';
import { dataChannel, dataFrame, errorChannel, protocol, readFrame } from './frames.ts';

/** By WebSocket: for what stands before an API and lets nothing else through. It can't say that one side has nothing more to say. */
export class WebSocketLink implements Link {
  readonly upgraded: Promise<void>;
  readonly #socket: WebSocket;
  readonly #carrier: Duplex;
  readonly #events: LinkEvents;
  /** Channels whose first message, the number of the port, has come. */
  readonly #greeted = new Set<number>();

  constructor({ way, carrier, path, port, proof }: Opening, events: LinkEvents) {
    this.#carrier = carrier;
    this.#events = events;
    this.#socket = new WebSocket(`ws://${way.host}${path}?ports=${port}`, protocol, {
      createConnection: () => carrier as Socket,
      headers: proof,
      perMessageDeflate: false,
      // A node sends at most 32 KiB at once.
      maxPayload: 1 << 20,
      skipUTF8Validation: true,
    });
    this.upgraded = upgraded(this.#socket, way.name, 'forwards no ports');
    this.#socket.binaryType = 'nodebuffer';
    // At once: the node greets in the same breath as it accepts.
    this.#socket.on('message', (message) => this.#take(message as Buffer));
    this.#socket.on('close', () => events.end());
    this.#socket.on('error', (error) => events.broke(error));
  }

  write(chunks: readonly Uint8Array[], done: (error?: Error | null) => void): void {
    this.#socket.send(dataFrame(chunks), { binary: true, compress: false }, (error) => done(error ?? null));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.close();
  }

  destroy(): void {
    this.#socket.terminate();
    this.#carrier.destroy();
  }

  #take(message: Buffer): void {
    const { channel, content } = readFrame(message);
    if (!this.#greeted.has(channel)) {
      this.#greeted.add(channel);
      return;
    }
    if (channel === errorChannel) this.#events.trouble(Buffer.from(content).toString());
    else if (channel === dataChannel && content.length > 0 && !this.#events.data(content)) this.pause();
  }
}

/**
 * Resolves when the API carries it.
 * @param lacks what an API can't do that speaks another protocol
 */
export function upgraded(socket: WebSocket, where: string, lacks: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('unexpected-response', (_request: unknown, answer: IncomingMessage) => {
      textOf(answer).then((text) => reject(failureOf(statusOf(answer.statusCode ?? 0, text), where)), reject);
    });
    socket.once('open', () => {
      if (socket.protocol === protocol) return resolve();
      reject(new SteleError('UNSUPPORTED', `${where} ${lacks}.`));
    });
  });
}
