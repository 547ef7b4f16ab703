import { isIP } from 'node:net';
import { type DirectDialService, hasCode } from '@stele/sdk';

/**
 * What the platform dials to get to a node: what the controller calls it. A cluster's own names are often known within it alone: then
 * the address that the node says it has. Either has to lie in the networks of the resource, by the dialer's word as well.
 * @param told by the task's agent, or by what runs there in its place
 * @throws UNREACHABLE, DENIED
 */
export async function whereIs(
  name: string,
  told: string | undefined,
  networks: readonly string[],
  direct: DirectDialService,
  signal: AbortSignal,
): Promise<string> {
  try {
    await direct.addressesOf(name, { networks }, signal);
    return name;
  } catch (error) {
    if (signal.aborted || !hasCode(error, 'UNREACHABLE') || told === undefined || isIP(told) === 0) throw error;
    await direct.addressesOf(told, { networks }, signal);
    return told;
  }
}
