import { type BlockList, isIP } from 'node:net';
import { isIn, networksOf, plainAddress } from '../network/index.ts';

/** Says who the client is. Only declared proxies are believed when they speak for another. */
export class ClientAddresses {
  readonly #trusted: BlockList | undefined;

  constructor(trusted: readonly string[]) {
    this.#trusted = trusted.length > 0 ? networksOf(trusted, 'site.trustedProxies') : undefined;
  }

  /** Value of `X-Forwarded-For` for the task. */
  forwardedFor(peer: string | undefined, said: string | undefined): string {
    const address = plainAddress(peer ?? '');
    if (said === undefined || !this.#isTrusted(address)) return address;
    const chain = said.split(',').map((hop) => hop.trim());
    return [...chain.filter((hop) => isIP(hop) !== 0), address].join(', ');
  }

  #isTrusted(address: string): boolean {
    return this.#trusted !== undefined && isIn(this.#trusted, address);
  }
}
