import { randomInt } from 'node:crypto';
import { connect } from 'node:net';
import { once } from 'node:events';
import { type Engine, type ImageName } from '../e2e/lib/index.ts';

export const user = 'ada';
export const password = 'a one-time: pass';

/** A container as strictly kept as any engine of ours keeps one: no rights, a uid that nobody knows, a root that can't be written. */
export class Container implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #id: string;
  readonly port: number;

  private constructor(engine: Engine, id: string, port: number) {
    this.#engine = engine;
    this.#id = id;
    this.port = port;
  }

  static async start(
    engine: Engine,
    image: ImageName,
    port: number,
    env: Record<string, string> = {},
  ): Promise<Container> {
    const uid = String(randomInt(20_000, 60_000));
    const variables = { BASE_PORT: String(port), AUTH_USER: user, AUTH_PASS: password, ...env };
    const id = await engine.run(
      ...['run', '--detach', '--read-only', '--user', `${uid}:${uid}`, '--cap-drop', 'ALL'],
      ...['--security-opt', 'no-new-privileges', '--publish', `127.0.0.1::${port}`],
      ...Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      `localhost/stele/${image}:1`,
    );
    const published = await engine.run('port', id, `${port}/tcp`);
    return new Container(engine, id, Number(published.split(':').at(-1)));
  }

  exec(...command: string[]): Promise<string> {
    return this.#engine.run('exec', this.#id, ...command);
  }

  logs(): Promise<string> {
    return this.#engine.run('logs', this.#id);
  }

  /** What a server says first; nothing while it isn't there. */
  async greeting(): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    try {
      const [data] = (await once(socket, 'data', { signal: AbortSignal.timeout(2_000) })) as [Buffer];
      return data.toString();
    } catch {
      return ''; // Asked again until the test's patience ends.
    } finally {
      socket.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.run('rm', '--force', '--time', '0', this.#id);
  }
}
