import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { textOf } from '../../api/bodies.ts';
import { failureOf, statusOf } from '../../api/failures.ts';
import { Gathering } from '../gathering.ts';
import type { Link, LinkEvents, Opening } from '../link.ts';
import {
  dataFrames,
  dataStream,
  endFrame,
  errorStream,
  FrameReader,
  openStreams,
  ping,
  protocol,
  rstStream,
} from './frames.ts';

/** By SPDY, as kubectl does it: cheap for the node, and each side's end can be said. */
export class SpdyLink implements Link {
  readonly upgraded: Promise<void>;
  readonly #carrier: Duplex;
  readonly #events: LinkEvents;
  readonly #reader: FrameReader;
  /** Of what comes by the landing, whose memory isn't ours. */
  readonly #gathering = new Gathering({ pass: (chunk) => this.#pass(chunk), hold: (isHeld) => this.#hold(isHeld) });
  #isHeld = false;
  #isPaused = false;
  #isLanding = false;
  #hasHeard = false;
  #open = new Set([errorStream, dataStream]);

  constructor(opening: Opening, events: LinkEvents) {
    this.#carrier = opening.carrier;
    this.#events = events;
    this.#reader = new FrameReader({
      data: (stream, bytes, from, to) => this.#take(stream, bytes, from, to),
      end: (stream) => this.#ended(stream),
      control: (type, frame) => this.#control(type, frame),
    });
    this.upgraded = this.#upgrade(opening);
  }

  write(chunks: readonly Uint8Array[], done: (error?: Error | null) => void): void {
    const carrier = this.#carrier;
    if (carrier.destroyed) return done(new Error('the connection was closed'));
    carrier.cork();
    for (const part of dataFrames(chunks)) carrier.write(part);
    process.nextTick(() => carrier.uncork());
    if (carrier.writableNeedDrain) carrier.once('drain', () => done());
    else done();
  }

  pause(): void {
    this.#isPaused = true;
    this.#carrier.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (!this.#isHeld) this.#carrier.resume();
  }

  end(): void {
    if (!this.#carrier.destroyed) this.#carrier.write(endFrame());
  }

  destroy(): void {
    this.#carrier.destroy();
  }

  #upgrade({ way, carrier, landing, path, port, proof }: Opening): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        reject(error);
        this.#events.broke(error);
      };
      carrier.on('error', fail);
      const protocols = { upgrade: protocol, 'x-stream-protocol-version': 'portforward.k8s.io' };
      const asked = httpRequest({
        createConnection: () => carrier,
        method: 'POST',
        path,
        headers: { host: way.host, connection: 'Upgrade', 'content-length': 0, ...protocols, ...proof },
      });
      asked.on('error', fail);
      asked.once('response', (answer: IncomingMessage) => {
        textOf(answer).then((text) => reject(failureOf(statusOf(answer.statusCode ?? 0, text), way.name)), reject);
      });
      asked.once('upgrade', (_answer, _carrier, head) => {
        this.#begin(port, head);
        landing.leadTo((bytes, length) => this.#land(bytes, length));
        resolve();
      });
      asked.end();
    });
  }

  #begin(port: number, head: Buffer): void {
    this.#carrier.write(openStreams(port));
    this.#carrier.once('close', () => this.#over());
    this.#carrier.on('data', (chunk: Buffer) => this.#read(chunk));
    if (head.length > 0) this.#read(head);
  }

  #read(chunk: Buffer, length?: number): void {
    try {
      this.#reader.feed(chunk, length);
    } catch (error) {
      this.#events.broke(error as Error);
    }
  }

  #land(bytes: Buffer, length: number): void {
    this.#isLanding = true;
    this.#read(bytes, length);
  }

  #take(stream: number, bytes: Buffer, from: number, to: number): void {
    this.#hasHeard = true;
    if (stream === errorStream) this.#complained(bytes.toString('utf8', from, to));
    else if (stream !== dataStream) return;
    else if (this.#isLanding) this.#gathering.add(bytes, from, to);
    else this.#pass(bytes.subarray(from, to));
  }

  #pass(content: Buffer): void {
    if (!this.#events.data(content)) this.pause();
  }

  #hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (isHeld) this.#carrier.pause();
    else if (!this.#isPaused) this.#carrier.resume();
  }

  #complained(said: string): void {
    this.#gathering.flush();
    this.#events.trouble(said);
  }

  #over(): void {
    this.#gathering.flush();
    this.#events.end();
  }

  /** Where nothing listens, a node ends the data before it says so. */
  #ended(stream: number): void {
    this.#open.delete(stream);
    if (!this.#open.has(dataStream) && (this.#hasHeard || this.#open.size === 0)) this.#over();
  }

  #control(type: number, frame: Buffer): void {
    if (type === ping) this.#carrier.write(frame);
    if (type === rstStream && frame.length >= 12 && frame.readUInt32BE(8) === dataStream) this.#over();
  }
}
