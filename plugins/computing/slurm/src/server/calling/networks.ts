import { isIP } from 'node:net';
import { SteleError } from '@stele/sdk';

/** Refuses what is no network, before a task is run that nobody could reach. INVALID with the field. Pure. */
export function checkNetworks(networks: readonly string[], field: string): void {
  const wrong = networks.find((network) => !isNetwork(network));
  if (wrong === undefined) return;
  throw new SteleError('INVALID', `“${wrong}” is neither an IP address nor a network such as 10.20.0.0/16.`, { field });
}

function isNetwork(network: string): boolean {
  const [address = '', bits, ...more] = network.split('/');
  const widest = isIP(address) === 6 ? 128 : 32;
  return isIP(address) !== 0 && more.length === 0 && (bits === undefined || (bits !== '' && Number(bits) <= widest));
}
