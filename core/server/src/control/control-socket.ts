import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest path of a Unix socket on Linux. */
const longestSocketPath = 107;

/**
 * Where the `stele` command talks to a running platform: a Unix socket that only the platform's own user can open, so
 * that whoever can is an administrator. `<data>/control.json` says where it is.
 */
export class ControlSocket implements AsyncDisposable {
  readonly #server: Server;
  readonly #note: string;
  readonly #shelter: string | undefined;

  private constructor(server: Server, note: string, shelter: string | undefined) {
    this.#server = server;
    this.#note = note;
    this.#shelter = shelter;
  }

  static async open(dataDir: string, answer: RequestListener): Promise<ControlSocket> {
    const own = join(dataDir, 'control.sock');
    const shelter = Buffer.byteLength(own) > longestSocketPath ? mkdtempSync(join(tmpdir(), 'stele-')) : undefined;
    const path = shelter === undefined ? own : join(shelter, 'control.sock');
    rmSync(path, { force: true }); // Left by a process that was killed: the data folder's lock is ours.
    const server = createServer(answer);
    const mask = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
    } finally {
      process.umask(mask);
    }
    chmodSync(path, 0o600);
    const note = join(dataDir, 'control.json');
    writeFileSync(note, JSON.stringify({ socket: path, pid: process.pid }), { mode: 0o600 });
    return new ControlSocket(server, note, shelter);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    rmSync(this.#note, { force: true });
    if (this.#shelter !== undefined) rmSync(this.#shelter, { recursive: true, force: true });
  }
}

/** Reads a small JSON body. */
export async function readJson(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of req) chunks.push(chunk as Uint8Array);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** Answers with JSON. */
export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
