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
/** Bytes of a packet that ssh2 takes. */
const longest = 35_000;

type Take = (payload: Buffer) => unknown;
type Handle = (protocol: unknown, ...values: unknown[]) => void;

interface Decipher {
  /** What has come of a packet, once its length is known. */
  _packet: Uint8Array | null;
  readonly _len: number;
  _onPayload: Take;
}

/** What is used of ssh2's protocol object. */
interface Insides {
  parse(chunk: Buffer, from: number, to: number): void;
  /** Gets what every cipher but the first, which is none, has decrypted. */
  _onPayload: Take;
  /** Another one after each exchange of keys. */
  readonly _decipher?: Decipher;
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
  const torn = new Torn();
  const isUnderKeys = copyPayloads(protocol);
  const parse = protocol.parse.bind(protocol);
  protocol.parse = (chunk, from, to) => {
    // Of what comes before there are keys, anything may be kept.
    if (isUnderKeys()) {
      torn.watch(protocol);
      parse(chunk, from, to);
    } else parse(Buffer.from(chunk), from, to);
    torn.keep(protocol, chunk);
    together.flush();
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

/**
 * Where packets are put together whose end has not come: in one place, and not in new memory for each. Of one of which only the end of its seal
 * is missing, ssh2 keeps where it came.
 */
class Torn {
  readonly #place = Buffer.allocUnsafeSlow(longest);
  #decipher: Decipher | undefined;

  /** Before some bytes are taken. */
  watch({ _decipher: decipher }: Insides): void {
    if (decipher === undefined || decipher === this.#decipher) return;
    this.#decipher = decipher;
    let packet = decipher._packet;
    const place = this.#place;
    Object.defineProperty(decipher, '_packet', {
      get: () => (packet ??= decipher._len > 0 ? place.subarray(0, decipher._len) : null),
      set: (now: Uint8Array | null) => {
        packet = now;
      },
    });
  }

  /** After that. */
  keep({ _decipher: decipher }: Insides, chunk: Buffer): void {
    if (decipher?._packet?.buffer === chunk.buffer) decipher._packet = Buffer.from(decipher._packet);
  }
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
