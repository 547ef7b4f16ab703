import type { Clock, Random } from './ports.ts';

/** What a ticket was issued for. */
export interface Visit {
  /** Task key. */
  readonly task: string;
  readonly user: string;
  readonly session: string;
  /** Where to land on the task's origin. */
  readonly path: string;
}

/** Where tickets are kept: each is good once, and for a short time. */
export interface TicketLedger {
  issue(visit: Visit): Promise<string>;
  /** Takes a ticket for `task`. It is used up by that, also when shown at the wrong door. */
  redeem(name: string, task: string): Promise<Visit | undefined>;
}

interface Ticket extends Visit {
  readonly expires: number;
}

/** Tickets in the memory of one process. */
export class TicketOffice implements TicketLedger {
  readonly #tickets = new Map<string, Ticket>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #life: number;
  readonly #perSession: number;

  constructor(clock: Clock, random: Random, life: number, perSession: number) {
    this.#clock = clock;
    this.#random = random;
    this.#life = life;
    this.#perSession = perSession;
  }

  async issue(visit: Visit): Promise<string> {
    this.#sweep();
    this.#makeRoom(visit.session);
    const name = this.#random.bytes(32).toString('base64url');
    this.#tickets.set(name, { ...visit, expires: this.#clock.now() + this.#life });
    return name;
  }

  async redeem(name: string, task: string): Promise<Visit | undefined> {
    const ticket = this.#tickets.get(name);
    this.#tickets.delete(name);
    if (ticket === undefined || ticket.task !== task || ticket.expires <= this.#clock.now()) return undefined;
    return ticket;
  }

  /** Tickets live equally long, so the oldest are in front. */
  #sweep(): void {
    const now = this.#clock.now();
    for (const [name, ticket] of this.#tickets) {
      if (ticket.expires > now) return;
      this.#tickets.delete(name);
    }
  }

  /** Who asks for many keeps the newest: an older one has been given up on. */
  #makeRoom(session: string): void {
    const own = [...this.#tickets].filter(([, ticket]) => ticket.session === session);
    for (const [name] of own.slice(0, Math.max(0, own.length - this.#perSession + 1))) this.#tickets.delete(name);
  }
}
