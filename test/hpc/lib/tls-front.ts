import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { pipeline } from 'node:stream/promises';
import tls from 'node:tls';
import { Authority } from '../../../agent/src/testing/authority.ts';

/** What ends TLS before a platform, as a site's proxy does, with a certificate of the site's own authority. */
export class TlsFront implements AsyncDisposable {
  readonly origin: string;
  /** The authority's certificate. */
  readonly ca: string;
  /** How many didn't believe the certificate. */
  disbelievers = 0;
  /** Paths of what was asked, and from where. */
  readonly asked: { readonly path: string; readonly from: string }[] = [];
  readonly #server: Server;
  readonly #known = tls.getCACertificates('default');

  private constructor(server: Server, origin: string, ca: string) {
    this.#server = server;
    this.origin = origin;
    this.ca = ca;
  }

  /** @param inner port on the loopback of what is behind it */
  static async open(address: string, port: number, inner: number): Promise<TlsFront> {
    await using authority = await Authority.open();
    const identity = await authority.identityOf(address);
    const server = createServer(identity, (incoming, outgoing) => void front.#pass(incoming, outgoing, inner));
    const front = new TlsFront(server, `https://${address}:${port}`, authority.ca);
    server.on('tlsClientError', () => (front.disbelievers += 1));
    await once(server.listen(port, address), 'listening');
    // This process believes it as well.
    tls.setDefaultCACertificates([...front.#known, authority.ca]);
    return front;
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse, port: number): Promise<void> {
    const from = incoming.socket.remoteAddress ?? '';
    this.asked.push({ path: incoming.url ?? '', from });
    const headers = { ...incoming.headers, 'x-forwarded-for': from };
    const about = { host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers };
    const behind = request(about, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      // Who leaves in the middle of an answer, leaves.
      void Promise.allSettled([pipeline(answer, outgoing)]);
    });
    behind.on('error', () => outgoing.destroy());
    await Promise.allSettled([pipeline(incoming, behind)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    tls.setDefaultCACertificates(this.#known);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
