import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { environment } from '../../e2e/lib/index.ts';
import type { ProviderOptions } from './options.ts';

const program = fileURLToPath(new URL('./real-provider.ts', import.meta.url));

/** A certified OpenID provider on this machine, in a process of its own. */
export class RealProvider implements AsyncDisposable {
  #options: ProviderOptions;
  #child: ChildProcess | undefined;
  #port = 0;

  private constructor(options: ProviderOptions) {
    this.#options = options;
  }

  static async start(options: ProviderOptions): Promise<RealProvider> {
    const provider = new RealProvider(options);
    await provider.start();
    return provider;
  }

  get issuer(): string {
    return `http://${this.#options.host ?? '127.0.0.1'}:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** Starts it, again if need be: on the port that it had, with fresh keys, and no session of anybody's. */
  async start(more: Partial<ProviderOptions> = {}): Promise<void> {
    this.#options = { ...this.#options, ...more };
    const child = spawn(process.execPath, [program], {
      env: environment,
      stdio: ['pipe', 'pipe', process.env.STELE_TEST_LOG ? 'inherit' : 'ignore'],
    });
    this.#child = child;
    child.stdin.write(`${JSON.stringify({ ...this.#options, ...(this.#port === 0 ? {} : { port: this.#port }) })}\n`);
    const [said] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer | number];
    assert(Buffer.isBuffer(said), 'the provider did not start');
    this.#port = Number(said.toString());
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child?.stdin || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.stdin.end();
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
