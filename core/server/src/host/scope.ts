import { type Owned, SteleError } from '@stele/sdk';
import { within } from './within.ts';

type Undo = () => unknown;

/** Everything that one activation holds. Gives it back last in first out, each step caught and limited in time. */
export class Scope {
  readonly #owner: string;
  readonly #limit: number;
  readonly #report: (error: unknown) => void;
  #undo: Undo[] = [];
  #closed = false;

  /** `report` hears of a late thing that could not be ended; it has come when nobody waits any more. */
  constructor(owner: string, limit: number, report: (error: unknown) => void) {
    this.#owner = owner;
    this.#limit = limit;
    this.#report = report;
  }

  /** Refuses what comes too late: after a time-out the plugin may still be running. */
  assertOpen(what: string): void {
    if (this.#closed) {
      throw new SteleError('CONFLICT', `The activation of plugin ${this.#owner} has ended; ${what} was refused.`);
    }
  }

  own<T extends Owned>(thing: T): T {
    const undo = undoOf(thing);
    if (this.#closed) {
      // It exists already, and nobody else will end it.
      within(this.#limit, undo).catch(this.#report);
    }
    this.assertOpen('own()');
    this.#undo.push(undo);
    return thing;
  }

  /** Gives everything back; returns what went wrong on the way. */
  async close(): Promise<readonly unknown[]> {
    this.#closed = true;
    const problems: unknown[] = [];
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) {
      try {
        await within(this.#limit, undo);
      } catch (error) {
        problems.push(error);
      }
    }
    return problems;
  }
}

function undoOf(thing: Owned): Undo {
  if (Object(thing) !== thing) throw notOwnable();
  if (Symbol.asyncDispose in thing) return () => thing[Symbol.asyncDispose]();
  if (Symbol.dispose in thing) return () => thing[Symbol.dispose]();
  if (typeof thing === 'function') return thing;
  throw notOwnable();
}

function notOwnable(): SteleError {
  return new SteleError('INVALID', 'own() takes a function, or an object with Symbol.dispose or Symbol.asyncDispose.');
}
