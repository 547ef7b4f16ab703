import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Host } from '@stele/sdk';
import { testCall } from '@stele/sdk/testing';
import { account, Sshd } from '../../ssh/sshd.ts';
import { accessTo, ownFolder, targetOf } from '../../ssh/world.ts';
import { Contestant, firstLine, node, pause } from '../processes.ts';
import { Runner } from '../runner.ts';
import type { Login } from './dialler.ts';

export const never = new AbortController().signal;

/** Where OpenSSH's tunnels listen: to the service, and to the web server. */
const tunnels = { service: 15_098, web: 15_099 } as const;

interface Parts {
  readonly sshd: Sshd;
  readonly host: Host;
  readonly again: () => Promise<Host>;
  readonly folder: string;
  readonly service: number;
  readonly web: number;
  readonly children: readonly ChildProcess[];
}

/** One sshd with one cipher; our connection to it and OpenSSH's; what is behind it in processes of their own. */
export class World implements AsyncDisposable {
  readonly #parts: Parts;
  readonly #options: readonly string[];
  readonly #runner = new Runner();

  static async open(): Promise<World> {
    const sshd = await Sshd.start('Ciphers aes128-gcm@openssh.com');
    const access = await accessTo(sshd, { idleTimeout: 60_000 });
    const again = async () => access.open(await targetOf(sshd), testCall({ signal: never }));
    const host = await again();
    const [source, backend] = [node('ssh/source.ts', []), node('servers/backend.ts', [])];
    const [service, web] = [await portOf(source), await portOf(backend)];
    const folder = await ownFolder('stele-bench-');
    const world = new World({ sshd, host, again, folder, service, web, children: [source, backend] });
    await world.#tunnel();
    return world;
  }

  private constructor(parts: Parts) {
    this.#parts = parts;
    const file = join(parts.sshd.folder, 'login');
    const choices = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
    this.#options = ['-i', file, ...choices.flatMap((choice) => ['-o', choice])];
  }

  get sshd(): Sshd {
    return this.#parts.sshd;
  }

  get host(): Host {
    return this.#parts.host;
  }

  /** The same host for one more user of it. */
  again(): Promise<Host> {
    return this.#parts.again();
  }

  /** Of the account that is logged in to. */
  get folder(): string {
    return this.#parts.folder;
  }

  /** Ports of the web server: itself, and through OpenSSH’s tunnel. */
  get web(): { readonly itself: number; readonly tunnel: number } {
    return { itself: this.#parts.web, tunnel: tunnels.web };
  }

  /** To the service, by a channel of ours. */
  dial(): Promise<Duplex> {
    return this.host.dial({ host: '127.0.0.1', port: this.#parts.service }, never);
  }

  /** To the service, through OpenSSH’s tunnel. */
  async dialTunnel(): Promise<Socket> {
    const socket = connect({ port: tunnels.service, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return socket;
  }

  /** Has `sftp` do some lines in one session. */
  async sftp(...lines: string[]): Promise<void> {
    const { sshd, folder } = this.#parts;
    const batch = join(folder, 'batch');
    await writeFile(batch, `${lines.join('\n')}\n`);
    const where = ['-P', String(sshd.port), `${account}@127.0.0.1`];
    await this.#runner.run({ argv: ['sftp', ...this.#options, '-q', '-b', batch, ...where] });
  }

  /** A gateway in front of a web server: by SSH, or directly on a port. */
  async gateway(port: number, way: 'ssh' | 'directly'): Promise<Contestant> {
    const { sshd } = this.#parts;
    const login: Login = {
      port: sshd.port,
      username: account,
      keyFile: join(sshd.folder, 'login'),
      hostKey: (await sshd.text('host.pub')).trim(),
    };
    const child = node('servers/gateway.ts', [String(port), ...(way === 'ssh' ? [JSON.stringify(login)] : [])]);
    const { port: own, headers } = await firstLine<{ port: number; headers: Record<string, string> }>(child);
    return new Contestant(`gateway ${way}`, child, own, headers);
  }

  /** A bare pipe in front of a web server: no checks, nothing rewritten. */
  async pipe(port: number): Promise<Contestant> {
    const child = node('servers/pipe.ts', [String(port)]);
    return new Contestant('bare pipe', child, await portOf(child));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { sshd, host, folder, children } = this.#parts;
    await host[Symbol.asyncDispose]();
    for (const child of [...children, ...this.#tunnels]) child.kill();
    this.#runner[Symbol.dispose]();
    await sshd[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  }

  #tunnels: readonly ChildProcess[] = [];

  async #tunnel(): Promise<void> {
    const { sshd, service, web } = this.#parts;
    const forwards = [
      [tunnels.service, service],
      [tunnels.web, web],
    ].flatMap(([own, far]) => ['-L', `127.0.0.1:${own}:127.0.0.1:${far}`]);
    const args = [...this.#options, '-N', ...forwards, '-p', String(sshd.port), `${account}@127.0.0.1`];
    this.#tunnels = [spawn('ssh', args, { stdio: 'inherit' })];
    await pause(1_500);
  }
}

async function portOf(child: ChildProcess): Promise<number> {
  return (await firstLine<{ port: number }>(child)).port;
}
