/**
 * What arrives by SSH costs no new memory. A connection reads into one place again and again, and ssh2 (1.17.0) decrypts there; here,
 * where ssh2 hands a payload on, bytes for channels are copied once into memory that is lent, those of one go together, and everything else
 * is copied as it is, since ssh2 keeps pieces of it. V8 would collect its whole heap every 15–35 MiB for new memory.
 *
 * This reaches into ssh2 in four places: where it takes bytes (`parse`), where a packet is decrypted (`_onPayload`), where a payload is known
 * to be a channel's (`_handlers`), and what it keeps of a packet that isn't complete (`_packet`). The version is pinned, and the test beside
 * this spoils what was given back, and says when it no longer holds.
 */
import { borrow, giveBack, lend, lendingSize } from '@stele/sdk';
import type { Client } from 'ssh2';

/** `SSH_MSG_CHANNEL_DATA` of RFC 4254. */
const channelData = 94;

type Take = (payload: Buffer) => unknown;
type Handle = (protocol: unknown, ...values: unknown[]) => void;

/** What is used of ssh2's protocol object. */
interface Insides {
  parse(chunk: Buffer, from: number, to: number): void;
  /** Gets what every cipher but the first, which is none, has decrypted. */
  _onPayload: Take;
  /** Another one after each exchange of keys. */
  readonly _decipher?: { _packet: Uint8Array | null; _onPayload: Take };
  readonly _handlers: Record<string, Handle | undefined>;
}

/** From now on nothing that comes for `client` is kept in the memory that it came in: that may be used again, or given back. */
export function copyArrivals(client: Client): void {
  const protocol = (client as unknown as { readonly _protocol: Insides })._protocol;
  const together = new Together(protocol, protocol._handlers['CHANNEL_DATA'] as Handle);
  for (const [name, handle] of Object.entries(protocol._handlers)) {
    // Of what nobody wants to hear of, there is none.
    if (handle === undefined) continue;
    protocol._handlers[name] = (from, ...values) => {
      together.flush();
      handle(from, ...values);
    };
  }
  protocol._handlers['CHANNEL_DATA'] = (_, channel, bytes) => together.add(channel as number, bytes as Buffer);
  const isUnderKeys = copyPayloads(protocol);
  const parse = protocol.parse.bind(protocol);
  protocol.parse = (chunk, from, to) => {
    // Of what comes before there are keys, anything may be kept.
    if (isUnderKeys()) parse(chunk, from, to);
    else parse(Buffer.from(chunk), from, to);
    together.flush();
    keepTorn(protocol, chunk);
    giveBack(chunk);
  };
}

/** @returns whether packets come this way yet */
function copyPayloads(protocol: Insides): () => boolean {
  let isUnderKeys = false;
  const ours = new WeakSet<Take>();
  const copying = (take: Take): Take => {
    const copied: Take = (payload) => {
      isUnderKeys = true;
      const answer = take(payload[0] === channelData ? payload : Buffer.from(payload));
      // When keys are about to be exchanged, another one takes over.
      const { _decipher: decipher } = protocol;
      if (decipher !== undefined && !ours.has(decipher._onPayload)) decipher._onPayload = copying(decipher._onPayload);
      return answer;
    };
    ours.add(copied);
    return copied;
  };
  protocol._onPayload = copying(protocol._onPayload);
  return () => isUnderKeys;
}

/** A packet whose end has not come is put together elsewhere, but for one of which nothing but the end of its seal is missing. */
function keepTorn({ _decipher: decipher }: Insides, chunk: Buffer): void {
  if (decipher?._packet?.buffer === chunk.buffer) decipher._packet = Buffer.from(decipher._packet);
}

/** Puts together what comes for one channel in one go. */
class Together {
  readonly #protocol: Insides;
  readonly #pass: Handle;
  #channel = -1;
  #memory: Buffer | undefined;
  #length = 0;

  constructor(protocol: Insides, pass: Handle) {
    this.#protocol = protocol;
    this.#pass = pass;
  }

  add(channel: number, bytes: Buffer): void {
    if (channel !== this.#channel || this.#length + bytes.length > lendingSize) this.flush();
    this.#channel = channel;
    this.#memory ??= borrow();
    this.#memory.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  flush(): void {
    if (this.#memory === undefined) return;
    const chunk = lend(this.#memory, this.#length);
    [this.#memory, this.#length] = [undefined, 0];
    this.#pass(this.#protocol, this.#channel, chunk);
  }
}
