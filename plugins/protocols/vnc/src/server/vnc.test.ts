import { describeInterfaceProtocol, type ProtocolPeer } from '@stele/sdk/testing';
import { Vnc } from './vnc.ts';

const greets = (what: string, line: string): ProtocolPeer => ({ what, serve: (socket) => void socket.write(line) });

describeInterfaceProtocol(
  { describe, it, before, after },
  {
    protocol: new Vnc(),
    ready: [greets('TigerVNC', 'RFB 003.008\n'), greets('macOS', 'RFB 003.889\n'), greets('RealVNC', 'RFB 004.001\n')],
    unready: [greets('a repeater without a server', 'RFB 000.000\n')],
  },
);
