import { describeInterfaceProtocol, type ProtocolPeer } from '@stele/sdk/testing';
import { Ssh } from './ssh.ts';

const greets = (what: string, line: string): ProtocolPeer => ({ what, serve: (socket) => void socket.write(line) });

describeInterfaceProtocol(
  { describe, it, before, after },
  {
    protocol: new Ssh(),
    ready: [
      greets('OpenSSH', 'SSH-2.0-OpenSSH_10.0p2 Debian-7\r\n'),
      greets('Dropbear', 'SSH-2.0-dropbear_2025.88\r\n'),
      greets('a server of both generations', 'SSH-1.99-Cisco-1.25\n'),
    ],
    unready: [
      greets('the first generation', 'SSH-1.5-1.2.27\n'),
      greets('a crowded server', 'Exceeded MaxStartups\r\n'),
    ],
  },
);
