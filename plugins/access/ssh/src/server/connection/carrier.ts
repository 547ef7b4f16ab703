import { isIP, type LookupFunction, Socket } from 'node:net';

/** Where all of these connections read: whoever listens copies what is there before anything else is read. */
const landing = Buffer.allocUnsafeSlow(128 * 1024);

type Written = (error?: Error | null) => void;

/** Whose memory is written, and who wants it back. */
interface Lender {
  owns(chunk: object): chunk is Buffer;
  giveBack(chunk: Buffer): void;
}

/**
 * The TCP connection below SSH. What is written in one go leaves in one go. What `data` brings is to be looked at there and then: the next read, of any
 * of these connections, goes to the same place.
 */
export class Carrier extends Socket {
  #isGathering = false;
  /** Told when what it owns has been written. */
  lender: Lender | undefined;

  /** Begins to connect. @param addresses what the host stands for. Default: what the system says */
  static to(host: string, port: number, addresses?: readonly string[]): Carrier {
    const onread = {
      buffer: landing,
      callback: (length: number) => {
        carrier.emit('data', landing.subarray(0, length));
        return true;
      },
    };
    const carrier = new Carrier({ onread, noDelay: true, keepAlive: true });
    // Nothing is read before somebody listens.
    carrier.pause();
    carrier.connect({ host, port, ...(addresses === undefined ? {} : { lookup: lookupOf(addresses) }) });
    // Node's own `connect` has put its `write` in front of ours, as it does for sockets that are used again.
    Reflect.deleteProperty(carrier, 'write');
    return carrier;
  }

  /** The library writes each packet by itself; each would be a system call. */
  override write(chunk: Uint8Array | string, encoding?: BufferEncoding | Written, written?: Written): boolean {
    if (!this.#isGathering) {
      this.#isGathering = true;
      this.cork();
      process.nextTick(() => {
        this.#isGathering = false;
        this.uncork();
      });
    }
    const { lender } = this;
    const isPlain = encoding === undefined && written === undefined && typeof chunk !== 'string';
    if (!isPlain || lender?.owns(chunk) !== true) return super.write(chunk, encoding as BufferEncoding, written);
    return super.write(chunk, (error) => {
      if (!error) lender.giveBack(chunk);
    });
  }
}

/** Says these addresses, whatever is asked. An address in place of a name isn't asked about: it was looked at before. */
function lookupOf(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, { all: wantsAll }, done) => {
    const [first] = all;
    if (wantsAll === true) done(null, all);
    else done(null, first?.address ?? '', first?.family);
  };
}
