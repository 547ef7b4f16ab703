import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Host } from '@stele/sdk';
import { type Choice, Thinner, Whole } from './thinner.ts';
import { hasCode, isSteleError, messageOf, SteleError } from '@stele/sdk';

/** As long as Slurm's commands get: its own patience (`MessageTimeout`) is 10 s, and it may try a second controller. */
const patience = 25_000;
/** Of what is kept of an answer. */
const longest = 64 * 1024 ** 2;

/** One request. */
export interface Question {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With the query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** What of a long answer is wanted. */
  readonly choice?: Choice;
}

/** What came back, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Where slurmrestd listens, as the host sees it that dials. */
export interface DoorConf {
  readonly restUrl: string;
  /** Certificates that may have signed the server's. Absent: those that Node.js trusts. */
  readonly restCa?: string;
}

/** Speaks HTTP to a cluster's slurmrestd, over streams that a host of the cluster dials. */
export class Door {
  readonly #host: Pick<Host, 'name' | 'dial'>;
  readonly #url: URL;
  readonly #ca: string | undefined;
  readonly #signal: AbortSignal;
  readonly #patience: number;

  constructor(host: Pick<Host, 'name' | 'dial'>, { restUrl, restCa }: DoorConf, signal: AbortSignal, limit = patience) {
    this.#host = host;
    this.#url = urlOf(restUrl);
    this.#ca = restCa;
    this.#signal = signal;
    this.#patience = limit;
  }

  /** @param headers may hold secrets @throws UNREACHABLE, DENIED where the host forbids forwarding */
  async ask(question: Question, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const late = AbortSignal.timeout(this.#patience);
    const signal = AbortSignal.any([this.#signal, late]);
    try {
      const stream = await this.#connect(signal);
      try {
        return await exchange(stream, this.#url, question, headers, signal);
      } finally {
        stream.destroy();
      }
    } catch (error) {
      throw this.#explained(error, late);
    }
  }

  async #connect(signal: AbortSignal): Promise<Duplex> {
    const { hostname, port, protocol } = this.#url;
    const isSecure = protocol === 'https:';
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const stream = await this.#host.dial({ host, port: Number(port) || (isSecure ? 443 : 80) }, signal);
    return isSecure ? await secured(stream, host, this.#ca, signal) : stream;
  }

  #explained(error: unknown, late: AbortSignal): SteleError {
    const where = `${this.#url.origin}, asked from ${this.#host.name},`;
    if (late.aborted && !this.#signal.aborted) {
      return new SteleError('UNREACHABLE', `Slurm’s REST API at ${where} doesn’t come back.`, { cause: error });
    }
    if (this.#signal.aborted) return new SteleError('UNREACHABLE', 'The call was ended.', { cause: error });
    if (hasCode(error, 'DENIED')) {
      const message = `${this.#host.name} forwards no connection to Slurm’s REST API at ${this.#url.origin}.`;
      return new SteleError('DENIED', message, { cause: error });
    }
    if (isSteleError(error) && error.code !== 'UNREACHABLE') return error;
    const message = `Slurm’s REST API at ${where} doesn’t answer (${messageOf(error)}).`;
    return new SteleError('UNREACHABLE', message, { cause: error });
  }
}

function urlOf(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new SteleError('INVALID', `“${text.slice(0, 200)}” is no address of a REST API.`, { field: 'conf.restUrl' });
}

/** TLS within a stream, once the server has proved its name. */
function secured(stream: Duplex, servername: string, ca: string | undefined, signal: AbortSignal): Promise<Duplex> {
  const isName = !/^[\d.]+$|:/.test(servername);
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      socket: stream,
      host: servername,
      ...(isName ? { servername } : {}),
      ...(ca === undefined || ca === '' ? {} : { ca }),
    });
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
    socket.once('close', () => reject(new Error('the connection was closed before it was secured')));
  });
}

async function exchange(
  stream: Duplex,
  url: URL,
  { method, path, body, choice }: Question,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer> {
  const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const about = content === undefined ? {} : { 'content-type': 'application/json', 'content-length': content.length };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = httpRequest({
      createConnection: () => stream,
      method,
      path: `${url.pathname.replace(/\/+$/, '')}${path}`,
      headers: { host: url.host, connection: 'close', accept: 'application/json', ...about, ...headers },
      signal,
    });
    sent.once('response', resolve);
    sent.on('error', reject);
    sent.end(content);
  });
  return { status: answer.statusCode ?? 0, text: await textOf(answer, choice) };
}

async function textOf(body: AsyncIterable<Buffer>, choice: Choice | undefined): Promise<string> {
  const thinner = choice === undefined ? new Whole() : new Thinner(choice);
  for await (const chunk of body) {
    thinner.push(chunk);
    if (thinner.length > longest) {
      throw new SteleError('PROTOCOL', 'The answer of Slurm’s REST API is longer than 64 MiB.');
    }
  }
  return thinner.text();
}
