import type { Duplex } from 'node:stream';
import { hasCode, type Host, type Process, SteleError } from '@stele/sdk';
import type { Way } from '../api/way.ts';
import type { Conf } from '../conf.ts';
import { explained } from './meanings.ts';
import { proxyScript } from './proxy-script.ts';

/** Milliseconds for kubectl to serve. */
const patience = 20_000;

/** Opens the host on which kubectl is. */
export type OpenHost = (signal: AbortSignal) => Promise<Host>;

interface Session extends AsyncDisposable {
  readonly host: Host;
  readonly socket: string;
}

/**
 * By kubectl on a host, which proves who one is there as it does for people: it serves the cluster's API on a Unix socket of its
 * account, and all that is said to the API goes that way. One runs for as long as the cluster is looked at, and another one takes
 * its place when it has ended.
 */
export class KubectlWay implements Way, AsyncDisposable {
  readonly name: string;
  // What kubectl lets in.
  readonly host = 'localhost';
  readonly base = '';
  readonly #open: OpenHost;
  readonly #conf: Conf;
  readonly #signal: AbortSignal;
  #session: Promise<Session> | undefined;
  #current: Session | undefined;

  private constructor(name: string, open: OpenHost, conf: Conf, signal: AbortSignal) {
    this.name = name;
    this.#open = open;
    this.#conf = conf;
    this.#signal = signal;
  }

  static async open(open: OpenHost, conf: Conf, signal: AbortSignal): Promise<KubectlWay> {
    await using host = await open(signal);
    return new KubectlWay(`the cluster behind kubectl on ${host.name}`, open, conf, signal);
  }

  async connect(signal: AbortSignal): Promise<Duplex> {
    const session = await this.#serving();
    try {
      return await session.host.dial({ socket: session.socket }, signal);
    } catch (error) {
      if (signal.aborted || !hasCode(error, 'UNREACHABLE', 'NOT_FOUND')) throw error;
      // It ended a moment ago: the next one is asked once.
      await session[Symbol.asyncDispose]();
      const next = await this.#serving();
      return next.host.dial({ socket: next.socket }, signal);
    }
  }

  async proof(): Promise<Readonly<Record<string, string>>> {
    return {};
  }

  async renew(): Promise<boolean> {
    return false;
  }

  explain(error: unknown): ReturnType<Way['explain']> {
    return explained(this.name, error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    await session?.[Symbol.asyncDispose]();
  }

  #serving(): Promise<Session> {
    this.#session ??= this.#start().catch((error: unknown) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  async #start(): Promise<Session> {
    await using stack = new AsyncDisposableStack();
    const host = stack.use(await this.#open(this.#signal));
    const process = await spawned(host, this.#conf, this.#signal);
    stack.defer(() => process.kill());
    const socket = await socketOf(process, host);
    // Nobody reads what it says from here on, and it says something of each failure.
    process.stdout.resume();
    process.stderr.resume();
    const lease = stack.move();
    const session: Session = { host, socket, [Symbol.asyncDispose]: () => this.#end(session, lease) };
    this.#current = session;
    void this.#endWith(process, session, lease);
    return session;
  }

  /** Lets go of all when kubectl has ended, or the way to it is lost. */
  async #endWith(process: Process, session: Session, lease: AsyncDisposableStack): Promise<void> {
    await Promise.allSettled([process.exited]);
    await Promise.allSettled([this.#end(session, lease)]);
  }

  async #end(session: Session, lease: AsyncDisposableStack): Promise<void> {
    if (this.#current === session) this.#session = undefined;
    await lease.disposeAsync();
  }
}

async function spawned(host: Host, conf: Conf, signal: AbortSignal): Promise<Process> {
  const config = conf.kubeconfig ?? '';
  const command = [conf.kubectl, ...optionsOf(conf), 'proxy', '--reject-methods=^$', '--reject-paths=^$'];
  const argv = ['sh', '-c', proxyScript, 'stele', String(Buffer.byteLength(config)), ...command];
  const process = await host.spawn(argv, {}, signal);
  process.stdin.write(config);
  return process;
}

function optionsOf({ kubeconfigFile, context }: Conf): readonly string[] {
  return [
    ...(kubeconfigFile === undefined ? [] : [`--kubeconfig=${kubeconfigFile}`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
  ];
}

/** Reads where kubectl serves. */
async function socketOf(process: Process, { name }: Host): Promise<string> {
  let [said, complained] = ['', ''];
  process.stderr.on('data', (chunk: Buffer) => {
    if (complained.length < 4_096) complained += chunk.toString();
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const late = setTimeout(() => reject(notServing(name, complained)), patience);
  process.stdout.on('data', (chunk: Buffer) => {
    if (said.length < 4_096) said += chunk.toString();
    const [, socket] = /Starting to serve on (\/\S+)/.exec(said) ?? [];
    if (socket !== undefined) resolve(socket);
  });
  process.exited.then(() => reject(notServing(name, complained)), reject);
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    process.stdout.removeAllListeners('data');
    process.stderr.removeAllListeners('data');
  }
}

function notServing(where: string, said: string): SteleError {
  const isMissing = /not found|No such file/.test(said);
  const message = isMissing
    ? `There is no kubectl on ${where}. Install it there, or say where it is.`
    : `kubectl on ${where} doesn’t serve the cluster’s API: ${said.trim().split('\n').at(-1) || 'it says nothing'}`;
  return new SteleError(isMissing ? 'UNSUPPORTED' : 'UNREACHABLE', message, { field: 'conf.kubectl', raw: said });
}
