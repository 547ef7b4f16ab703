import type { Duplex } from 'node:stream';
import type { InterfaceProtocol, ProbeResult } from '@stele/sdk';
import { dialWithin } from './dial-within.ts';
import { readStatus } from './read-status.ts';
import { reasonOf } from './reason.ts';
import { secure } from './secure.ts';
import { notReady, verdict } from './verdict.ts';

type Dial = (signal: AbortSignal) => Promise<Duplex>;

const limit = 3_000;

const request = Buffer.from(
  'GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Stele\r\nAccept: */*\r\nConnection: close\r\n\r\n',
);

/** Web applications, in the clear or over TLS. */
export class Http implements InterfaceProtocol {
  readonly title: string;
  readonly exposure = 'proxied';
  readonly transports = ['tcp'] as const;
  readonly scheme: 'http' | 'https';
  readonly needsPowerUser = false;

  constructor(scheme: 'http' | 'https') {
    this.scheme = scheme;
    this.title = scheme === 'https' ? 'Web application (TLS)' : 'Web application';
  }

  async probe(dial: Dial, signal: AbortSignal): Promise<ProbeResult> {
    const late = AbortSignal.timeout(limit);
    const until = AbortSignal.any([signal, late]);
    try {
      return verdict(await this.#ask(dial, until));
    } catch (error) {
      const isLate = late.aborted && !signal.aborted;
      return notReady(isLate ? `It didn’t answer within ${limit / 1_000} s.` : reasonOf(error));
    }
  }

  async #ask(dial: Dial, signal: AbortSignal): Promise<string> {
    const connection = await dialWithin(dial, signal);
    try {
      const stream = this.scheme === 'https' ? await secure(connection, signal) : connection;
      return await readStatus(stream, request, signal);
    } finally {
      connection.destroy();
    }
  }
}
