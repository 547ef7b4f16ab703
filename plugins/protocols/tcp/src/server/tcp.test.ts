import { describeInterfaceProtocol } from '@stele/sdk/testing';
import { Tcp } from './tcp.ts';

describeInterfaceProtocol(
  { describe, it, before, after },
  {
    protocol: new Tcp(),
    takesStrangers: true,
    ready: [
      { what: 'a server that waits', serve: () => undefined },
      { what: 'a server that talks and leaves', serve: (socket) => void socket.end('12:00\n') },
    ],
    unready: [],
  },
);
