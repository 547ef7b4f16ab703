import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Logger, messageOf } from '@stele/sdk';
import { answerOn, refuse } from './answers.ts';
import { Carriage, hasBody } from './carriage.ts';
import type { ClientAddresses } from './client.ts';
import { type Jar, readCookie } from './cookies.ts';
import type { Entries, Entry } from './entries.ts';
import { refuseForm, refuseSource, refuseUpgrade } from './gate.ts';
import { authorized, headersForTask } from './headers.ts';
import type { GatewayLimits } from './options.ts';
import type { TaskOrigin } from './origins.ts';
import type { OwnRoutes } from './own-routes.ts';
import { stateOf } from './page/states.ts';
import type { GatewayTask, TaskDirectory } from './ports.ts';
import { QuickCarriage } from './quick.ts';
import type { Reaches } from './reaches.ts';
import { type Refusal, crowded, cutShort, denied, notEntered, notThere, undecided, unreachable } from './refusals.ts';
import { reserved } from './target.ts';
import type { Upstream } from './upstream.ts';
import { openWebSocket, relayRefusal } from './web-socket.ts';

export interface DoorParts {
  readonly tasks: TaskDirectory;
  readonly entries: Entries;
  readonly reaches: Reaches;
  readonly routes: OwnRoutes;
  readonly clients: ClientAddresses;
  readonly limits: GatewayLimits;
  readonly taskPage: (key: string) => string;
  readonly log: Logger;
}

/** A request that has come to a task's origin. */
interface Arrival {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly origin: TaskOrigin;
  readonly jar: Jar;
  /** What is destroyed when the entry ends. */
  readonly open: ServerResponse | Duplex;
}

/** Takes a request past the gate: on to the task, or no further. */
type Onward = (task: GatewayTask, upstream: Upstream) => void;

/** The door of every task's origin: checks who comes and hands them on. */
export class Door {
  readonly #parts: DoorParts;
  /** Open WebSockets by task key. */
  readonly #webSockets = new Map<string, number>();

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  request(req: IncomingMessage, res: ServerResponse, origin: TaskOrigin, jar: Jar, awaitsContinue: boolean): void {
    const arrival = { req, res, origin, jar, open: res };
    const flaw = refuseForm(req);
    if (flaw !== undefined) return refuse(req, res, flaw);
    if (req.url?.startsWith(reserved)) return this.#parts.routes.serve(req, res, origin, jar);
    const entry = this.#entry(arrival, refuseSource(req, origin));
    if (entry === undefined) return;
    this.#pass(arrival, entry, (task, upstream) => this.#carry(arrival, task, upstream, awaitsContinue));
  }

  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer, origin: TaskOrigin, jar: Jar): void {
    const res = answerOn(req, socket);
    const arrival = { req, res, origin, jar, open: socket };
    const flaw = refuseForm(req);
    if (flaw !== undefined) return refuse(req, res, flaw);
    if (req.url?.startsWith(reserved)) return refuse(req, res, notThere);
    const entry = this.#entry(arrival, refuseUpgrade(req, origin));
    if (entry === undefined) return;
    if (!this.#count(origin.key, socket)) return refuse(req, res, crowded);
    this.#pass(arrival, entry, (task, upstream) => this.#join(arrival, socket, head, task, upstream));
  }

  /** Who has entered here. Otherwise answers, and says the same about a task that there is as about one that there isn't. */
  #entry({ req, res, origin, jar }: Arrival, foreign: Refusal | undefined): Entry | undefined {
    const link = this.#parts.taskPage(origin.key);
    const entry = this.#parts.entries.read(readCookie(req.headers.cookie, jar.entry), origin.key);
    if (entry === undefined) refuse(req, res, notEntered, { link });
    else if (foreign !== undefined) refuse(req, res, foreign, { link });
    else return entry;
    return undefined;
  }

  #pass(arrival: Arrival, entry: Entry, onward: Onward): void {
    if (this.#parts.entries.isAllowed(entry)) this.#proceed(arrival, entry, onward);
    else void this.#decide(arrival, entry, onward);
  }

  /** Without waiting where everything is known. */
  #proceed(arrival: Arrival, entry: Entry, onward: Onward): void {
    const { tasks, reaches } = this.#parts;
    track(entry, arrival.open);
    const task = tasks.find(entry.task);
    if (task === undefined || !task.isReady || task.phase === 'ended') return this.#standIn(arrival, task);
    const upstream = reaches.peek(entry.task);
    if (upstream === undefined) return void this.#search(arrival, task, onward);
    onward(task, upstream);
  }

  async #decide(arrival: Arrival, entry: Entry, onward: Onward): Promise<void> {
    const { req, res, origin } = arrival;
    const link = this.#parts.taskPage(origin.key);
    try {
      const isAllowed = await this.#parts.entries.decide(entry);
      if (res.destroyed) return;
      if (isAllowed) this.#proceed(arrival, entry, onward);
      else refuse(req, res, denied, { link });
    } catch (error) {
      this.#parts.log.warn('entry could not be decided', { task: entry.task, error: messageOf(error) });
      refuse(req, res, undecided, { link });
    }
  }

  async #search(arrival: Arrival, task: GatewayTask, onward: Onward): Promise<void> {
    try {
      const upstream = await this.#parts.reaches.find(task);
      if (!arrival.res.destroyed) onward(task, upstream);
    } catch (error) {
      this.#parts.log.warn('task can’t be reached', { task: task.id, error: messageOf(error) });
      this.#standIn(arrival, task);
    }
  }

  #standIn({ req, res, origin }: Arrival, task: GatewayTask | undefined): void {
    refuse(req, res, stateOf(task), { name: task?.name, link: this.#parts.taskPage(origin.key) });
  }

  #carry(arrival: Arrival, task: GatewayTask, upstream: Upstream, awaitsContinue: boolean): void {
    const { req, res, jar } = arrival;
    const headers = this.#headers(arrival, upstream);
    // Also where the connection won't be kept: a server that is told to close cuts off who still sends.
    headers.push('Connection', 'keep-alive');
    if (awaitsContinue) headers.push('Expect', '100-continue');
    const onFailure = (error: NodeJS.ErrnoException): void => this.#failed(arrival, task, error);
    const errand = { req, res, upstream, headers, jar, awaitsContinue, onFailure };
    if (upstream.quick === undefined || awaitsContinue || hasBody(req)) new Carriage(errand).start();
    else new QuickCarriage(errand).start(upstream.quick);
  }

  #join(arrival: Arrival, socket: Duplex, head: Buffer, task: GatewayTask, upstream: Upstream): void {
    const { req, res, jar } = arrival;
    res.detachSocket(socket as Socket);
    openWebSocket({
      req,
      socket,
      head,
      upstream,
      headers: this.#headers(arrival, upstream),
      jar,
      keepAliveDelay: this.#parts.limits.keepAliveDelay,
      onRefused: (answer) => relayRefusal(answer, answerOn(req, socket), jar),
      onFailure: (error) => this.#failed({ ...arrival, res: answerOn(req, socket) }, task, error),
    });
  }

  #headers({ req, origin, jar }: Arrival, { authorization }: Upstream): string[] {
    const client = this.#parts.clients.forwardedFor(req.socket.remoteAddress, req.headers['x-forwarded-for'] as string);
    const headers = headersForTask(req.rawHeaders, req.headers.cookie, jar, { client, ...origin });
    return authorized(headers, authorization);
  }

  #failed(arrival: Arrival, task: GatewayTask, error: NodeJS.ErrnoException): void {
    const { reaches, log, taskPage } = this.#parts;
    log.warn('task did not answer', { task: task.id, error: error.message, code: error.code });
    reaches.doubt(task.key);
    const { req, res, origin } = arrival;
    const refusal = isBroken(error) ? cutShort : unreachable;
    refuse(req, res, refusal, { name: task.name, link: taskPage(origin.key) });
  }

  /** Counts a WebSocket until it closes; `false` when there are too many. */
  #count(key: string, socket: Duplex): boolean {
    const count = this.#webSockets.get(key) ?? 0;
    if (count >= this.#parts.limits.webSocketsPerTask) return false;
    this.#webSockets.set(key, count + 1);
    socket.once('close', () => {
      const left = (this.#webSockets.get(key) ?? 1) - 1;
      if (left > 0) this.#webSockets.set(key, left);
      else this.#webSockets.delete(key);
    });
    return true;
  }
}

/** What is open ends with its entry. */
function track(entry: Entry, open: ServerResponse | Duplex): void {
  entry.live.add(open);
  open.once('close', () => entry.live.delete(open));
}

/** Whether a connection stood and broke, rather than could not be made. */
function isBroken(error: NodeJS.ErrnoException): boolean {
  return (
    error.name === 'HTTPParserError' ||
    /^(?:ECONNRESET$|EPIPE$|HPE_|ERR_|UND_ERR_(?!CONNECT_TIMEOUT))/.test(error.code ?? '')
  );
}
