import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import ssh2, { type ParsedKey } from 'ssh2';
import { certifiedKey } from '../../plugins/access/ssh/src/server/connection/certified-key.ts';
import { parseCertificateLine } from '../../plugins/access/ssh/src/server/keys/certificate.ts';

interface Exchange {
  readonly _protocol: { readonly _kex: { readonly negotiated: { serverHostKey: string } } };
}

/** A server that shows a certificate and signs with whatever key it has: no real one would do that. */
export class Impostor implements AsyncDisposable {
  readonly port: number;
  /** Whether somebody has gone as far as to log in. */
  hasSeenLogIn = false;
  readonly #server: ssh2.Server;

  static async start(certificateLine: string, privateKey: string): Promise<Impostor> {
    let latest: Exchange | undefined;
    const key = certified(certificateLine, privateKey, () => latest);
    const server = new ssh2.Server({ hostKeys: [{ key: key as unknown as string }] });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const impostor = new Impostor(server);
    server.on('connection', (client) => {
      latest = client as unknown as Exchange;
      client.on('error', () => undefined);
      client.on('authentication', (context) => {
        impostor.hasSeenLogIn = true;
        context.reject();
      });
    });
    return impostor;
  }

  private constructor(server: ssh2.Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** The library's server writes the certificate's type into the signature; a real one writes that of the key. */
function certified(line: string, privateKey: string, latest: () => Exchange | undefined): ParsedKey {
  const certificate = parseCertificateLine(line);
  const parsed = ssh2.utils.parseKey(privateKey);
  if (certificate === undefined || parsed instanceof Error) throw new Error('no certificate, or no key');
  const sign: ParsedKey['sign'] = (data) => {
    const exchange = latest();
    if (exchange !== undefined) exchange._protocol._kex.negotiated.serverHostKey = parsed.type;
    return parsed.sign(data);
  };
  return Object.defineProperty(certifiedKey(parsed, certificate), 'sign', { value: sign });
}
