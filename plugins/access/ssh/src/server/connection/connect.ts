import type { Duplex } from 'node:stream';
import { messageOf, SteleError } from '@stele/sdk';
import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import { aborted, denied, unreachable } from '../errors.ts';
import { judge } from '../keys/judge.ts';
import { authoritiesOf, hostKeyAlgorithms } from '../keys/pins.ts';
import { type Hop, nameOf } from '../route.ts';
import { copyArrivals } from './arrivals.ts';
import { Carrier } from './carrier.ts';
import { askForCertificate, goOnWith } from './certified-host.ts';
import { teachCertificates } from './certified-key.ts';
import type { KeyRing } from './key-ring.ts';
import { offering } from './log-in.ts';
import { reusePackets } from './packets.ts';

/** What a connection needs to be made. */
export interface Attempt {
  readonly hop: Hop;
  /** What to log in with. */
  readonly keys: KeyRing;
  /** The way there when it leads through another host. */
  readonly through?: Duplex;
  /** What the host's name stands for, where no other address may be connected to. */
  readonly addresses?: readonly string[];
  /** ms for everything until we are let in. */
  readonly timeout: number;
  /** ms between two questions whether the other side is there. */
  readonly keepAlive: number;
}

/** A connection that we are logged in by. */
export interface Connection {
  readonly client: Client;
  /** Ends it without a word. The library's own way does nothing any more once the goodbye is said, whether or not it was heard. */
  readonly cut: () => void;
  /** By what the server calls itself. */
  readonly isOpenSsh: boolean;
}

/** The host has not answered in time. */
class Late extends Error {}

/** Whether {@link connect} gave up by itself: the host has said nothing of the keys. */
export function isLate(error: unknown): boolean {
  return error instanceof SteleError && error.cause instanceof Late;
}

/** Whether the host would have nobody in with these keys. */
export function isRefusal(error: unknown): error is SteleError {
  return error instanceof SteleError && error.code === 'DENIED' && isRefused(error.cause);
}

function isRefused(error: unknown): boolean {
  return isTooMany(error) || (error as { level?: string } | undefined)?.level === 'client-authentication';
}

/**
 * Connects and logs in.
 * @throws UNREACHABLE; DENIED for a host that isn't believed and for a log-in that is refused; INVALID while no host
 * key is pinned
 */
export async function connect(attempt: Attempt, signal: AbortSignal): Promise<Connection> {
  const client = new ssh2.Client();
  const { host, port } = attempt.hop;
  const sock = attempt.through ?? Carrier.to(host, port, attempt.addresses);
  let refusal: SteleError | undefined;
  const verify = (shown: Buffer) => {
    const { certificate, ...judgement } = judge(attempt.hop, shown, Date.now());
    refusal = judgement.refusal;
    if (certificate !== undefined) goOnWith(client, certificate);
    return refusal === undefined;
  };
  try {
    await ready(client, { ...configOf(attempt, verify), sock }, attempt, signal);
    attempt.keys.taken();
    return { client, cut: () => void sock.destroy(), isOpenSsh: softwareOf(client).startsWith('OpenSSH') };
  } catch (error) {
    sock.destroy();
    throw signal.aborted ? aborted(signal) : (refusal ?? connectError(attempt, error));
  }
}

/** The library keeps it to itself. */
const softwareOf = (client: Client): string => (client as unknown as { _remoteVer?: string })._remoteVer ?? '';

function configOf(attempt: Attempt, verify: (key: Buffer) => boolean): ConnectConfig {
  const { hop, keys, timeout, keepAlive } = attempt;
  return {
    username: hop.user,
    authHandler: offering(hop.user, keys),
    algorithms: { serverHostKey: hostKeyAlgorithms(hop.pins) },
    hostVerifier: verify,
    readyTimeout: timeout,
    keepaliveInterval: keepAlive,
    keepaliveCountMax: 3,
  };
}

function ready(client: Client, config: ConnectConfig, attempt: Attempt, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // The library's own time-out begins late and misses name look-ups and sockets that hang.
    const late = setTimeout(() => reject(new Late(`no answer in ${attempt.timeout / 1000} s`)), attempt.timeout);
    const onAbort = () => settle(() => reject(aborted(signal)));
    const settle = (finish: () => void) => {
      clearTimeout(late);
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    // Stays for good: errors after the log-in are followed by `close`, which is what others listen to.
    client.on('error', (error) => settle(() => reject(error)));
    client.once('close', () => settle(() => reject(new Error('the connection was closed'))));
    client.once('ready', () => settle(resolve));
    client.connect(config);
    copyArrivals(client);
    if (config.sock instanceof Carrier) reusePackets(client, config.sock);
    if (attempt.keys.hasCertificates) teachCertificates(client);
    if (authoritiesOf(attempt.hop.pins).length > 0) askForCertificate(client);
  });
}

/** How a host ends a log-in that was refused as often as it allows (`MaxAuthTries`). */
function isTooMany(error: unknown): boolean {
  return /^Too many authentication failures/i.test(messageOf(error));
}

function connectError({ hop, keys }: Attempt, error: unknown): unknown {
  if (error instanceof SteleError) return error;
  const level = isTooMany(error) ? 'client-authentication' : (error as { level?: string }).level;
  const name = nameOf(hop);
  if (level === 'client-authentication') {
    const words = `${hop.host} did not let ${hop.user} in with this key. Add the public key from the account page to ~/.ssh/authorized_keys there, and check the name of the account.`;
    return denied([words, ...keys.remarks(hop.user)].join(' '), error);
  }
  if (/signature verification failed/.test(messageOf(error))) {
    const words = `${hop.host} shows a host key that it can’t prove to have. Somebody may be listening in: nothing was sent. Ask its operator.`;
    return new SteleError('DENIED', words, { field: hop.field, cause: error });
  }
  if (level === 'handshake' || level === 'protocol') {
    const words = `${hop.host}:${hop.port} and this platform don’t agree on how to speak SSH (${messageOf(error)}).`;
    return /algorithm|format|cipher|MAC/i.test(messageOf(error))
      ? new SteleError('UNSUPPORTED', words, { cause: error })
      : unreachable(words, error);
  }
  if ((error as { code?: string }).code === 'ENOTFOUND') {
    return unreachable(`There is no host “${hop.host}”, or its name can’t be looked up right now.`, error);
  }
  return unreachable(`${name} can’t be reached (${messageOf(error)}).`, error);
}
