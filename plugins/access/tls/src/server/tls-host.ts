import type { Duplex } from 'node:stream';
import type { Address, DirectDialService, Endpoint, ExecResult, FileTree, Host, Process, SteleError } from '@stele/sdk';
import type { Conf } from './conf.ts';
import { credentialsOf } from './credentials.ts';
import { check, explained, invalid, noShell } from './errors.ts';
import { secured } from './secured.ts';

/** One API behind TLS, and the networks in which its tasks listen. Keeps nothing open of its own. */
export class TlsHost implements Host {
  readonly name: string;
  readonly user = '';
  // The platform sees the same addresses, but not all of them are to be dialled.
  readonly isDirect = false;
  readonly endpoint: Endpoint;
  readonly #conf: Conf;
  readonly #direct: DirectDialService;

  constructor(conf: Conf, direct: DirectDialService) {
    const authority = `${conf.host.includes(':') ? `[${conf.host}]` : conf.host}:${conf.port}`;
    this.#conf = conf;
    this.#direct = direct;
    this.name = authority;
    this.endpoint = {
      authority,
      connect: (signal) => this.#connect(signal),
      explain: (error) => explained(authority, error),
    };
  }

  async dial(address: Address, signal: AbortSignal): Promise<Duplex> {
    check(signal);
    if ('socket' in address) throw noShell(this.name);
    const { networks } = this.#conf;
    if (networks.length === 0) throw invalid('networks', 'Nobody has said in which networks tasks listen.');
    return this.#direct.dial(address, { networks }, signal);
  }

  async exec(): Promise<ExecResult> {
    throw noShell(this.name);
  }

  async spawn(): Promise<Process> {
    throw noShell(this.name);
  }

  files(): FileTree {
    throw noShell(this.name);
  }

  async ensureFolder(): Promise<void> {
    throw noShell(this.name);
  }

  async realPath(): Promise<undefined> {
    throw noShell(this.name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Streams are those of who opened them.
  }

  async #connect(signal: AbortSignal): Promise<Duplex> {
    const { host, port, serverName = host } = this.#conf;
    const credentials = credentialsOf(this.#conf);
    const stream = await this.#direct.dial({ host, port }, {}, signal);
    try {
      return await secured(stream, serverName, credentials, signal);
    } catch (error) {
      throw explained(this.name, error) satisfies SteleError;
    }
  }
}
