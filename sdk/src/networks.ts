import { SteleError } from './errors.ts';

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** Whether a text is an IP address or a network, e.g. `10.20.0.0/16`. Pure. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const widest = widthOf(address);
  if (widest === undefined || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= widest);
}

/** Bits of an address. By what runs everywhere: the grammar of URLs has that of IPv6. */
function widthOf(address: string): number | undefined {
  if (ipv4.test(address)) return 32;
  return /^[0-9a-f:.]+$/i.test(address) && URL.canParse(`http://[${address}]/`) ? 128 : undefined;
}

/** Refuses what is no network, before something relies on it. INVALID with the field. Pure. */
export function checkNetworks(networks: readonly string[], field: string): void {
  const wrong = networks.find((network) => !isNetwork(network));
  if (wrong === undefined) return;
  throw new SteleError('INVALID', `“${wrong}” is neither an IP address nor a network such as 10.20.0.0/16.`, { field });
}
