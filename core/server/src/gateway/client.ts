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

  /** Who asks: the nearest address that isn't a declared proxy's; the farthest, where all of them are. */
  of(peer: string | undefined, said: string | undefined): string {
    const chain = this.forwardedFor(peer, said).split(', ');
    return chain.findLast((address) => !this.#isTrusted(plainAddress(address))) ?? chain[0] ?? '';
  }

  #isTrusted(address: string): boolean {
    return this.#trusted !== undefined && isIn(this.#trusted, address);
  }
}
