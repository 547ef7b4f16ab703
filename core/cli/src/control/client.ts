import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { join } from 'node:path';
import { notOurs, notUnderstood, refused } from '../errors.ts';

/** Where a running platform listens for commands, as it wrote it down. */
export interface ControlNote {
  readonly socket: string;
  readonly pid: number;
}

/** Enabling a plugin may take as long as its activation. */
const patience = 60_000;

/** Talks to the platform that runs on a data folder. */
export class ControlClient {
  readonly pid: number;
  readonly #dataDir: string;
  readonly #socket: string;

  private constructor(dataDir: string, note: ControlNote) {
    this.#dataDir = dataDir;
    this.#socket = note.socket;
    this.pid = note.pid;
  }

  /** `undefined` when none runs there; a note that a killed one left behind counts as none. */
  static async find(dataDir: string): Promise<ControlClient | undefined> {
    const note = await readNote(dataDir);
    if (note === undefined) return undefined;
    const client = new ControlClient(dataDir, note);
    return (await client.#answers()) ? client : undefined;
  }

  /** Sends a request; the platform's own words when it refuses. */
  async ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const { status, answer } = await this.#send(method, path, body);
    if (status === 200) return answer as T;
    const { detail, code } = (answer ?? {}) as { detail?: string; code?: string };
    throw refused(detail ?? `The running Stele refused: ${code ?? status}.`);
  }

  async #answers(): Promise<boolean> {
    try {
      await this.#send('GET', '/plugins');
      return true;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'ECONNREFUSED' || code === 'ENOENT') return false;
      if (code === 'EACCES' || code === 'EPERM') throw notOurs(this.#dataDir, error);
      throw error;
    }
  }

  #send(method: string, path: string, body?: object): Promise<{ status: number; answer: unknown }> {
    const headers = { 'Content-Type': 'application/json' };
    const signal = AbortSignal.timeout(patience);
    return new Promise((resolve, reject) => {
      const sent = request({ socketPath: this.#socket, method, path, headers, signal, agent: false }, (response) => {
        json(response).then(
          (answer) => resolve({ status: response.statusCode ?? 0, answer }),
          (error: unknown) => reject(notUnderstood(String(error))),
        );
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

async function readNote(dataDir: string): Promise<ControlNote | undefined> {
  try {
    return JSON.parse(await readFile(join(dataDir, 'control.json'), 'utf8')) as ControlNote;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') throw notOurs(dataDir, error);
    // Half a file is one that is being written: whoever writes it doesn't serve yet.
    if (code === 'ENOENT' || code === 'ENOTDIR' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
