import { hasCode, SteleError, unlessAborted } from '@stele/sdk';
import { collect } from '../commands/exec.ts';
import { RemoteProcess } from '../commands/remote-process.ts';
import type { Endpoint } from '../connection/endpoint.ts';
import { vouchedKeys, type Vouched } from './known-hosts.ts';

/** The account's own file lies in its home, where commands begin. */
const files = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2', '.ssh/known_hosts'];
/** Bytes: some four thousand hosts with three keys each. */
const limit = 4 * 1024 * 1024;
/** ms that they count for, so that not each stream to a node costs a command. */
const validity = 60_000;
/** The same for whoever doubts them: after a change of keys, all nodes of a cluster are doubted at once. */
const freshness = 5_000;
const patience = 30_000;

/** What was read on a host, and what it says of those that were asked for. */
interface Read {
  readonly text: Promise<string>;
  readonly at: number;
  readonly said: Map<string, Vouched>;
}

const kept = new WeakMap<Endpoint, Read>();

/**
 * What the known_hosts files on a host say of another.
 * @param isFresh whether what was read a minute ago isn't good enough
 */
export async function vouchedOn(
  endpoint: Endpoint,
  name: string,
  port: number,
  isFresh: boolean,
  signal: AbortSignal,
): Promise<Vouched> {
  const present = kept.get(endpoint);
  const isGood = present !== undefined && performance.now() - present.at < (isFresh ? freshness : validity);
  const { text, said } = isGood ? present : begin(endpoint);
  const words = await unlessAborted(text, signal);
  const host = `${name}:${port}`;
  const vouched = said.get(host) ?? vouchedKeys(words, name, port);
  said.set(host, vouched);
  return vouched;
}

/** For all who want it by then, so it isn't given up with the one who asked first. */
function begin(endpoint: Endpoint): Read {
  const read: Read = { text: readFiles(endpoint), at: performance.now(), said: new Map() };
  const forget = () => kept.get(endpoint) === read && kept.delete(endpoint);
  kept.set(endpoint, read);
  read.text.catch(forget);
  setTimeout(forget, validity).unref();
  return read;
}

async function readFiles(endpoint: Endpoint): Promise<string> {
  const signal = AbortSignal.timeout(patience);
  endpoint.acquire();
  try {
    const process = await RemoteProcess.start(endpoint, ['cat', ...files], {}, signal);
    return (await collect(process, 'cat', { maxOutput: limit }, signal)).stdout;
  } catch (error) {
    // Cut off, they could lose a line that says whom not to believe.
    if (hasCode(error, 'PROTOCOL')) throw tooLong(endpoint.name, error);
    throw error;
  } finally {
    endpoint.release();
  }
}

function tooLong(host: string, cause: unknown): SteleError {
  const message = `The known_hosts files on ${host} (${files.join(', ')}) have more than 4 MiB together, so nobody is believed by them: have them shortened.`;
  return new SteleError('LIMIT', message, { cause });
}
