import { BlockList, isIP } from 'node:net';
import { SteleError } from '@stele/sdk';

/** Says who the client is. Only declared proxies are believed when they speak for another. */
export class ClientAddresses {
  readonly #trusted: BlockList | undefined;

  constructor(trusted: readonly string[]) {
    this.#trusted = trusted.length > 0 ? blockList(trusted) : undefined;
  }

  /** Value of `X-Forwarded-For` for the task. */
  forwardedFor(peer: string | undefined, said: string | undefined): string {
    const address = plainAddress(peer ?? '');
    if (said === undefined || !this.#isTrusted(address)) return address;
    const chain = said.split(',').map((hop) => hop.trim());
    return [...chain.filter((hop) => isIP(hop) !== 0), address].join(', ');
  }

  #isTrusted(address: string): boolean {
    return this.#trusted?.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') ?? false;
  }
}

/** An IPv4 address that came in over a dual-stack socket is written as IPv4. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const width = bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits);
    if (isIP(address) === 0 || !isWidth(width, family)) throw notANetwork(network);
    list.addSubnet(address, width, family);
  }
  return list;
}

function isWidth(bits: number, family: 'ipv4' | 'ipv6'): boolean {
  return Number.isInteger(bits) && bits >= 0 && bits <= (family === 'ipv6' ? 128 : 32);
}

function notANetwork(network: string): SteleError {
  return new SteleError('INVALID', `“${network}” is neither an IP address nor a network such as 10.0.0.0/8.`, {
    field: 'site.trustedProxies',
  });
}
