import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@stele/sdk';
import { refuse, sendAsset, sendEntry, sendJson } from './answers.ts';
import { type Jar, readCookie } from './cookies.ts';
import type { Entries } from './entries.ts';
import { type TaskOrigin } from './origins.ts';
import { stateOf } from './page/states.ts';
import type { TaskDirectory } from './ports.ts';
import { badMethod, badTicket, denied, notEntered, notThere, taskGone, undecided } from './refusals.ts';
import { pathOf, reserved } from './target.ts';
import type { TicketLedger } from './tickets.ts';

export interface OwnRoutesParts {
  readonly tasks: TaskDirectory;
  readonly entries: Entries;
  readonly tickets: TicketLedger;
  readonly taskPage: (key: string) => string;
  readonly log: Logger;
}

/** What the gateway itself serves on a task's origin, below `/.stele/`. */
export class OwnRoutes {
  readonly #parts: OwnRoutesParts;

  constructor(parts: OwnRoutesParts) {
    this.#parts = parts;
  }

  serve(req: IncomingMessage, res: ServerResponse, origin: TaskOrigin, jar: Jar): void {
    const name = pathOf(req.url ?? '').slice(reserved.length);
    if (req.method !== 'GET') return refuse(req, res, badMethod);
    if (name === 'enter') return void this.#enter(req, res, origin, jar);
    if (name === 'status') return void this.#status(req, res, origin, jar);
    if (!sendAsset(res, name)) refuse(req, res, notThere);
  }

  /** Turns a ticket into an entry cookie. */
  async #enter(req: IncomingMessage, res: ServerResponse, origin: TaskOrigin, jar: Jar): Promise<void> {
    const { tasks, entries, tickets, taskPage, log } = this.#parts;
    const link = taskPage(origin.key);
    const ticket = new URLSearchParams((req.url ?? '').slice(pathOf(req.url ?? '').length)).get('ticket') ?? '';
    const visit = await tickets.redeem(ticket, origin.key).catch((error: unknown) => {
      log.warn('a ticket could not be looked up', { task: origin.key, error });
      return null;
    });
    if (visit === null) return refuse(req, res, { ...undecided, detail: 'Press Connect again.' }, { link });
    if (visit === undefined) return refuse(req, res, badTicket, { link });
    const task = tasks.find(origin.key);
    if (task === undefined) return refuse(req, res, taskGone, { link });
    const cookie = entries.cookieFor(task, visit.session);
    const isAllowed = await this.#isAllowed(cookie, origin.key);
    if (isAllowed === undefined) return refuse(req, res, { ...undecided, detail: 'Press Connect again.' }, { link });
    if (!isAllowed) return refuse(req, res, denied, { link });
    log.info('entered', { task: task.id, user: visit.user });
    const hasBeenHere = entries.read(readCookie(req.headers.cookie, jar.entry), origin.key) !== undefined;
    // Another task's page may have left its data behind on this port, in this browser.
    sendEntry(res, `${jar.entry}=${cookie}`, visit.path, jar.prefix !== undefined && !hasBeenHere);
  }

  async #isAllowed(cookie: string, key: string): Promise<boolean | undefined> {
    const { entries, log } = this.#parts;
    const entry = entries.read(cookie, key);
    if (entry === undefined) return false;
    return entries.decide(entry).catch((error: unknown) => {
      log.warn('entry could not be decided', { task: key, error });
      return undefined;
    });
  }

  /** What the waiting page asks for. */
  async #status(req: IncomingMessage, res: ServerResponse, origin: TaskOrigin, jar: Jar): Promise<void> {
    const { tasks, taskPage } = this.#parts;
    const link = taskPage(origin.key);
    const cookie = readCookie(req.headers.cookie, jar.entry);
    if (cookie === undefined) return refuse(req, res, notEntered, { link });
    const isAllowed = await this.#isAllowed(cookie, origin.key);
    if (isAllowed === undefined) return refuse(req, res, undecided, { link });
    if (!isAllowed) return refuse(req, res, denied, { link });
    const task = tasks.find(origin.key);
    const { title, detail } = stateOf(task);
    const isOver = task === undefined || task.phase === 'ended';
    sendJson(res, { title, detail, phase: task?.phase, isReady: !isOver && task.isReady, isOver });
  }
}
