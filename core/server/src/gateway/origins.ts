import type { SubdomainMode } from './options.ts';

/** One task's web origin, as browsers see it. */
export interface TaskOrigin {
  /** Task key. */
  readonly key: string;
  readonly scheme: 'http' | 'https';
  /** With its port, unless that is the scheme's own. */
  readonly host: string;
  readonly port: number;
}

const keyLength = 16;
const keyGrammar = /^[a-z0-9]{16}$/;

export function originText(origin: TaskOrigin): string {
  return `${origin.scheme}://${origin.host}`;
}

/** `host`, or `host:port` where the port isn't the scheme's own. */
export function hostWithPort(host: string, port: number, scheme: 'http' | 'https'): string {
  return port === (scheme === 'https' ? 443 : 80) ? host : `${host}:${port}`;
}

/** The origins of tasks that are sub-domains of one domain. */
export class SubdomainOrigins implements AsyncDisposable {
  readonly #mode: SubdomainMode;
  readonly #domain: string;
  /** Kept, because to find out may be a system call, and every request asks. */
  #port: number | undefined;

  constructor(mode: SubdomainMode) {
    this.#mode = mode;
    this.#domain = mode.domain.toLowerCase();
  }

  of(key: string): TaskOrigin {
    const { scheme } = this.#mode;
    const port = this.#port ?? this.#mode.port();
    if (port > 0) this.#port = port;
    return { key, scheme, port, host: hostWithPort(`${key}.${this.#domain}`, port, scheme) };
  }

  /** Whether a `Host` is somewhere in the tasks' domain. No other part of the platform answers there. */
  owns(host: string): boolean {
    const name = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
    return name === this.#domain || name.endsWith(`.${this.#domain}`);
  }

  /** The origin that a `Host` names, to the letter. */
  match(host: string): TaskOrigin | undefined {
    const key = host.slice(0, keyLength);
    if (!keyGrammar.test(key)) return undefined;
    const origin = this.of(key);
    return origin.host === host ? origin : undefined;
  }

  /** Nothing has to be opened: the platform's listener has them all. */
  open(key: string): Promise<TaskOrigin> {
    return Promise.resolve(this.of(key));
  }

  close(_key: string): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
