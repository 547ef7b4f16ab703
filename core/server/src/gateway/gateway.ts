import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerOn, refuse } from './answers.ts';
import { ClientAddresses } from './client.ts';
import { ownJar, sharedJar } from './cookies.ts';
import { Door } from './door.ts';
import { Entries } from './entries.ts';
import { noSuchTask, shortSecret, unsafeLanding } from './errors.ts';
import { type GatewayOptions, defaultLimits, systemClock, systemRandom } from './options.ts';
import { SubdomainOrigins, type TaskOrigin, originText } from './origins.ts';
import { OwnRoutes } from './own-routes.ts';
import { PortOrigins } from './port-origins.ts';
import type { TaskDirectory } from './ports.ts';
import { Reaches } from './reaches.ts';
import { wrongHost } from './refusals.ts';
import { Seal } from './seal.ts';
import type { Answerer } from './server.ts';
import { isSafeLanding, reserved } from './target.ts';
import { type TicketLedger, TicketOffice } from './tickets.ts';

/** Who wants to go where. */
export interface TicketRequest {
  /** Task key. */
  readonly task: string;
  /** User id. */
  readonly user: string;
  /** Session id. */
  readonly session: string;
  /** Where to land: a path of the task's origin. Default `/`. */
  readonly path?: string;
}

/** Lets users into tasks, each task on its own web origin, and carries what they say to each other. */
export class Gateway implements AsyncDisposable {
  readonly #tasks: TaskDirectory;
  readonly #tickets: TicketLedger;
  readonly #entries: Entries;
  readonly #reaches: Reaches;
  readonly #door: Door;
  readonly #origins: SubdomainOrigins | PortOrigins;
  readonly #subscription: Disposable;

  constructor(options: GatewayOptions) {
    if (options.secret.length < 32) throw shortSecret();
    const { tasks, sessions, log, taskPage, clock = systemClock, random = systemRandom } = options;
    const limits = { ...defaultLimits, ...options.limits };
    const entries = new Entries(sessions, new Seal(options.secret, random), clock, log, limits.decisionLife);
    const tickets = options.tickets ?? new TicketOffice(clock, random, limits.ticketLife, limits.ticketsPerSession);
    const reaches = new Reaches(tasks, { sockets: limits.socketsPerTask, connectTimeout: limits.connectTimeout });
    const routes = new OwnRoutes({ tasks, entries, tickets, taskPage, log });
    const clients = new ClientAddresses(options.trustedProxies ?? []);
    this.#tasks = tasks;
    this.#tickets = tickets;
    this.#entries = entries;
    this.#reaches = reaches;
    this.#door = new Door({ tasks, entries, reaches, routes, clients, limits, taskPage, log });
    this.#origins = originsOf(options.mode, this.#door);
    this.#subscription = tasks.onChange((key) => this.#taskChanged(key));
  }

  /** Whether a `Host` is the gateway's. To be asked of every request before anything else of the platform sees it. */
  owns(host: string): boolean {
    return this.#origins.owns(host);
  }

  /** Answers a request whose host the gateway owns. */
  handleRequest(req: IncomingMessage, res: ServerResponse, awaitsContinue = false): void {
    const origin = this.#origins.match(req.headers.host ?? '');
    if (origin === undefined) refuse(req, res, wrongHost);
    else this.#door.request(req, res, origin, ownJar, awaitsContinue);
  }

  /** Answers an upgrade whose host the gateway owns. */
  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const origin = this.#origins.match(req.headers.host ?? '');
    if (origin === undefined) refuse(req, answerOn(req, socket), wrongHost);
    else this.#door.upgrade(req, socket, head, origin, ownJar);
  }

  /**
   * Lets a user in who was found to be allowed: the URL works once, soon, and only while the session lives.
   * Rejects with NOT_FOUND for an unknown task, INVALID for a path that leads elsewhere, LIMIT when no port is free.
   */
  async issueTicket({ task: key, user, session, path = '/' }: TicketRequest): Promise<string> {
    if (!isSafeLanding(path)) throw unsafeLanding();
    if (this.#tasks.find(key) === undefined) throw noSuchTask();
    const origin = await this.#origins.open(key);
    const ticket = await this.#tickets.issue({ task: key, user, session, path });
    return `${originText(origin)}${reserved}enter?ticket=${ticket}`;
  }

  #taskChanged(key: string): void {
    const task = this.#tasks.find(key);
    if (task !== undefined && task.phase !== 'ended') {
      this.#reaches.doubt(key);
      this.#entries.taskChanged(key);
      return;
    }
    this.#reaches.close(key);
    this.#entries.cutTask(key);
    void this.#origins.close(key);
  }

  /** Ends everything that is open. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#subscription[Symbol.dispose]();
    this.#entries[Symbol.dispose]();
    this.#reaches[Symbol.dispose]();
    await this.#origins[Symbol.asyncDispose]();
  }
}

function originsOf(mode: GatewayOptions['mode'], door: Door): SubdomainOrigins | PortOrigins {
  return mode.kind === 'subdomain'
    ? new SubdomainOrigins(mode)
    : new PortOrigins(mode, (origin) => portAnswerer(door, origin));
}

/** Who answers on a task's own port. */
function portAnswerer(door: Door, origin: TaskOrigin): Answerer {
  const jar = sharedJar(origin.key);
  return {
    request(req, res, awaitsContinue) {
      if (req.headers.host === origin.host) door.request(req, res, origin, jar, awaitsContinue);
      else refuse(req, res, wrongHost);
    },
    upgrade(req, socket, head) {
      if (req.headers.host === origin.host) door.upgrade(req, socket, head, origin, jar);
      else refuse(req, answerOn(req, socket), wrongHost);
    },
  };
}
