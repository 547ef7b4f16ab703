import { isIP } from 'node:net';
import { SteleError } from './errors.ts';

/** Whether a text is an IP address or a network, e.g. `10.20.0.0/16`. Pure. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const widest = isIP(address) === 6 ? 128 : 32;
  const isWidth = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= widest);
  return isIP(address) !== 0 && more.length === 0 && isWidth;
}

/** Refuses what is no network, before something relies on it. INVALID with the field. Pure. */
export function checkNetworks(networks: readonly string[], field: string): void {
  const wrong = networks.find((network) => !isNetwork(network));
  if (wrong === undefined) return;
  throw new SteleError('INVALID', `“${wrong}” is neither an IP address nor a network such as 10.20.0.0/16.`, { field });
}
