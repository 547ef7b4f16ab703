import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { checkNetworks } from '@stele/sdk';

/** Where nothing is that a task or an API could be: named with what it is for people. */
const refused: readonly (readonly [network: string, what: string])[] = [
  ['0.0.0.0/8', 'no address of a host'],
  ['::/128', 'no address of a host'],
  ['169.254.0.0/16', 'a link-local address, as metadata services have'],
  ['fe80::/10', 'a link-local address'],
  // Metadata services outside of the link-local ranges: Alibaba, Oracle, Azure, AWS, Google, Scaleway.
  ['100.100.100.200/32', 'the address of a metadata service'],
  ['192.0.0.192/32', 'the address of a metadata service'],
  ['168.63.129.16/32', 'the address of a metadata service'],
  ['fd00:ec2::/32', 'the address of a metadata service'],
  ['fd20:ce::254/128', 'the address of a metadata service'],
  ['fd00:42::42/128', 'the address of a metadata service'],
  ['224.0.0.0/4', 'a multicast address'],
  ['ff00::/8', 'a multicast address'],
  ['240.0.0.0/4', 'no address of a host'],
  // IPv4 in other clothes: a translator would lead to what is refused above.
  ['64:ff9b::/96', 'a translated address'],
  ['2002::/16', 'a tunnelled address'],
];

/** Where only those are who share a network with the platform. */
const inside: readonly (readonly [network: string, what: string])[] = [
  ['127.0.0.0/8', 'an address of the platform itself'],
  ['::1/128', 'an address of the platform itself'],
  ['10.0.0.0/8', 'a private address'],
  ['172.16.0.0/12', 'a private address'],
  ['192.168.0.0/16', 'a private address'],
  ['100.64.0.0/10', 'a private address'],
  ['198.18.0.0/15', 'a private address'],
  ['192.0.0.0/24', 'a private address'],
  ['fc00::/7', 'a private address'],
  ['fec0::/10', 'a private address'],
  ['64:ff9b:1::/48', 'a translated address'],
];

const insideLists = inside.map(([network, what]) => ({ list: networksOf([network]), what }));

const refusedLists = refused.map(([network, what]) => ({ list: networksOf([network]), what }));
const loopback = networksOf(['127.0.0.0/8', '::1/128']);

/** An IPv4 address that is written as IPv6 (`::ffff:10.0.0.1`), as IPv4; others as they are. Pure. */
export function plainAddress(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  const [one, two] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [one >> 8, one & 255, two >> 8, two & 255].join('.');
}

/** What is wrong with an address whatever it is for, or nothing. Pure. */
export function refusalOf(address: string): string | undefined {
  return refusedLists.find(({ list }) => isIn(list, address))?.what;
}

/** What keeps an address from being a public one, or nothing. */
export function privacyOf(address: string): string | undefined {
  const known = insideLists.find(({ list }) => isIn(list, address))?.what;
  return known ?? (isOwn(address) ? 'an address of the platform itself' : undefined);
}

/** What is wrong with an address for what is to be public, or nothing. */
export function whyNotPublic(address: string): string | undefined {
  const plain = plainAddress(address);
  return refusalOf(plain) ?? privacyOf(plain);
}

/** Whether an address is one of this machine's own. */
export function isOwn(address: string): boolean {
  const plain = plainAddress(address);
  if (isIn(loopback, plain)) return true;
  return Object.values(networkInterfaces()).some((list) => list?.some((own) => own.address === plain) === true);
}

/** Whether an address lies in a list. Pure. */
export function isIn(list: BlockList, address: string): boolean {
  const plain = plainAddress(address);
  return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

/** Networks, e.g. `10.0.0.0/8`, or single addresses. INVALID (with the field) for what is none. Pure. */
export function networksOf(networks: readonly string[], field = 'networks'): BlockList {
  checkNetworks(networks, field);
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const [family, widest] = isIP(address) === 6 ? (['ipv6', 128] as const) : (['ipv4', 32] as const);
    list.addSubnet(address, bits === undefined ? widest : Number(bits), family);
  }
  return list;
}
