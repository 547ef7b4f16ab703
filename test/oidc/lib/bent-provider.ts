import { createHmac, createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@stele/sdk';

type Claims = Readonly<Record<string, unknown>>;

/** What is wrong with the next answer. */
export interface Bend {
  /** Over the claims of the ID token; `undefined` takes one out. */
  readonly claims?: Claims;
  /** Over its header. */
  readonly header?: Claims;
  /** Who signs it: its own key, a stranger's, nobody, or whoever knows the client secret. */
  readonly signedBy?: 'own' | 'stranger' | 'nobody' | 'secret';
  /** What the userinfo endpoint says. */
  readonly info?: Claims;
  /** Status of the token endpoint. */
  readonly status?: number;
  /** Over its description of itself. */
  readonly metadata?: Claims;
}

/**
 * A provider that answers wrongly on command, which a certified one never does. As simple as it can be: every code is
 * good, and nobody is asked anything.
 */
export class BentProvider implements AsyncDisposable {
  bend: Bend = {};
  readonly #server: Server;
  readonly #own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  #nonce = '';

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => this.#answer(request.url ?? '', response));
  }

  static async start(): Promise<BentProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new BentProvider(server);
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** As the browser: the answer to a log-in that begins at `url`. */
  follow(url: string): JsonObject {
    const query = new URL(url).searchParams;
    this.#nonce = query.get('nonce') ?? '';
    return { code: randomUUID(), state: query.get('state') ?? '', iss: this.issuer };
  }

  #answer(path: string, response: ServerResponse): void {
    const answers: Readonly<Record<string, () => unknown>> = {
      '/.well-known/openid-configuration': () => this.#metadata(),
      '/keys': () => ({
        keys: [{ ...this.#own.publicKey.export({ format: 'jwk' }), kid: 'own', alg: 'RS256', use: 'sig' }],
      }),
      '/token': () => ({ access_token: randomUUID(), token_type: 'Bearer', id_token: this.#token() }),
      '/info': () => ({ sub: 'ada', ...this.bend.info }),
    };
    const body = answers[path]?.();
    const status = path === '/token' ? (this.bend.status ?? 200) : body === undefined ? 404 : 200;
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body ?? {}));
  }

  #metadata(): Claims {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      userinfo_endpoint: `${issuer}/info`,
      id_token_signing_alg_values_supported: ['RS256', 'none', 'HS256'],
      authorization_response_iss_parameter_supported: true,
      ...this.bend.metadata,
    };
  }

  #token(): string {
    const { claims = {}, header = {}, signedBy = 'own' } = this.bend;
    const now = Math.floor(Date.now() / 1000);
    const right = { iss: this.issuer, sub: 'ada', aud: 'stele', iat: now, exp: now + 300, nonce: this.#nonce };
    const mail = { email: 'ada@example.org', email_verified: true };
    const text = [
      { alg: 'RS256', kid: 'own', ...header },
      { ...right, ...mail, ...claims },
    ]
      .map(encoded)
      .join('.');
    return `${text}.${this.#signature(text, signedBy)}`;
  }

  #signature(text: string, signedBy: NonNullable<Bend['signedBy']>): string {
    if (signedBy === 'nobody') return '';
    if (signedBy === 'secret') return createHmac('sha256', 'the client secret').update(text).digest('base64url');
    const key: KeyObject = signedBy === 'own' ? this.#own.privateKey : this.#stranger.privateKey;
    return createSign('RSA-SHA256').update(text).sign(key, 'base64url');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
