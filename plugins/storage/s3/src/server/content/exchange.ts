import { Body } from './body.ts';
import { broken, type Connection, type Taker } from './connection.ts';
import { type Head, headOf } from './head.ts';

/** Milliseconds until an answer begins. */
const answering = 180_000;
/** Bytes that an answer begins with. */
const mostOfHead = 65_536;
const emptyLine = '\r\n\r\n';

export interface Answer {
  readonly head: Head;
  /** Absent where the answer doesn’t say how long it is: nothing more of it is read. */
  readonly body?: Body;
}

/**
 * Sends a request that has no body.
 * @param done is told when the connection is free, and whether it can be used again
 * @returns the answer, when it has begun
 */
export function exchange(
  connection: Connection,
  request: string,
  done: (isReusable: boolean) => void,
  signal?: AbortSignal,
): Promise<Answer> {
  const giveUp = (): void => connection.destroy(givenUp());
  const limit = setTimeout(() => connection.destroy(broken('ETIMEDOUT')), answering);
  const over = (isReusable: boolean): void => {
    clearTimeout(limit);
    signal?.removeEventListener('abort', giveUp);
    connection.leadTo(undefined);
    done(isReusable);
  };
  const begin = (head: Head, rest: Buffer): Answer => {
    clearTimeout(limit);
    if (head.length === undefined) {
      over(false);
      return { head };
    }
    const body = new Body(connection, head.length, (isWhole) => over(isWhole && head.isKept));
    connection.leadTo(body);
    body.land(rest);
    return { head, body };
  };
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', giveUp, { once: true });
    const fail = (error: Error): void => {
      over(false);
      reject(error);
    };
    connection.leadTo(new Beginning((head, rest) => resolve(begin(head, rest)), fail));
    connection.send(request);
    if (signal?.aborted === true) giveUp();
  });
}

/** Reads up to the empty line. */
class Beginning implements Taker {
  readonly #told: (head: Head, rest: Buffer) => void;
  readonly #failed: (error: Error) => void;
  #seen = Buffer.alloc(0);

  constructor(told: (head: Head, rest: Buffer) => void, failed: (error: Error) => void) {
    this.#told = told;
    this.#failed = failed;
  }

  land(bytes: Buffer): boolean {
    this.#seen = Buffer.concat([this.#seen, bytes]);
    const end = this.#seen.indexOf(emptyLine);
    const head = end < 0 ? undefined : headOf(this.#seen.toString('latin1', 0, end));
    if (head !== undefined && head.status >= 200) this.#told(head, this.#seen.subarray(end + emptyLine.length));
    else if (head !== undefined) return this.#again(end + emptyLine.length);
    else if (end >= 0 || this.#seen.length > mostOfHead) this.#failed(new Error('this is no answer by HTTP'));
    return true;
  }

  end(error: Error): void {
    this.#failed(error);
  }

  /** After what only says that there is more to come. */
  #again(start: number): boolean {
    const rest = this.#seen.subarray(start);
    this.#seen = Buffer.alloc(0);
    return rest.length === 0 || this.land(rest);
  }
}

const givenUp = (): Error => Object.assign(new Error('given up'), { name: 'AbortError' });
