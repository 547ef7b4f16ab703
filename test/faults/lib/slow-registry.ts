import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const tar = Buffer.alloc(10_240);
const layer = gzipSync(tar);
const config = Buffer.from(
  JSON.stringify({
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
  }),
);
const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const manifest = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', size: config.length, digest: digestOf(config) },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', size: layer.length, digest: digestOf(layer) }],
  }),
);

/** A registry of the one image that has a layer of which only the first byte ever comes. */
export class SlowRegistry implements AsyncDisposable {
  readonly #server: Server;
  readonly #waiting = new Set<ServerResponse>();
  /** As images name it. */
  readonly host: string;

  private constructor(server: Server) {
    this.#server = server;
    this.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (req: IncomingMessage, res: ServerResponse) => this.#answer(req.url ?? '', res));
  }

  static async open(): Promise<SlowRegistry> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SlowRegistry(server);
  }

  /** Pulls that wait for the rest of the layer. */
  get waiting(): number {
    return this.#waiting.size;
  }

  #answer(url: string, res: ServerResponse): void {
    const [, kind, name] = /\/(manifests|blobs)\/([^/?]+)/.exec(url) ?? [];
    if (kind === undefined) res.end('{}');
    else if (kind === 'manifests') send(res, manifest, mediaType);
    else if (name === digestOf(config)) send(res, config, 'application/octet-stream');
    else this.#stall(res);
  }

  #stall(res: ServerResponse): void {
    res.writeHead(200, { 'Content-Length': layer.length, 'Content-Type': 'application/octet-stream' });
    res.write(layer.subarray(0, 1));
    this.#waiting.add(res);
    res.once('close', () => this.#waiting.delete(res));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

function send(res: ServerResponse, bytes: Uint8Array, type: string): void {
  res.writeHead(200, {
    'Content-Length': bytes.length,
    'Content-Type': type,
    'Docker-Content-Digest': digestOf(bytes),
  });
  res.end(bytes);
}
