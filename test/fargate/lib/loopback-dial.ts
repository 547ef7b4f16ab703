import { once } from 'node:events';
import { BlockList, connect, type Socket } from 'node:net';
import { type DirectDialOptions, type DirectDialService, SteleError, type TcpAddress } from '@stele/sdk';

/**
 * Dials in the networks that it is told, as the core does, and this machine’s own addresses as well: there the stand-in’s
 * containers are. The core’s refuses them, which another test sees to.
 */
export class LoopbackDial implements DirectDialService {
  async addressesOf(host: string, { networks }: DirectDialOptions): Promise<readonly string[]> {
    const list = new BlockList();
    for (const network of networks ?? []) list.addSubnet(network.split('/')[0] ?? '', Number(network.split('/')[1]));
    if (!list.check(host)) throw new SteleError('DENIED', `“${host}” is outside of the networks.`);
    return [host];
  }

  async dial({ host, port }: TcpAddress, options: DirectDialOptions, signal: AbortSignal): Promise<Socket> {
    await this.addressesOf(host, options);
    const socket = connect({ host, port });
    try {
      await once(socket, 'connect', { signal });
      return socket;
    } catch (cause) {
      socket.destroy();
      throw new SteleError('UNREACHABLE', 'Nothing listens there.', { cause });
    }
  }
}
