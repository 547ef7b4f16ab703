import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { InterfaceProtocol, ProbeResult } from '../../protocol.ts';

/** One end of a conversation: what a task does with a connection. */
export interface ProtocolPeer {
  /** For the test's title, e.g. `a server that asks for a log-in`. */
  readonly what: string;
  /** Plays the task. */
  serve(socket: Socket): void;
}

/** What the {@link describeInterfaceProtocol} kit tests. */
export interface InterfaceProtocolSubject {
  /** What is tested. */
  readonly protocol: InterfaceProtocol;
  /** Whether it takes whoever keeps a connection, or says anything, for its own: plain TCP. */
  readonly takesStrangers?: boolean;
  /** Tasks that are up, as this protocol sees it. */
  readonly ready: readonly ProtocolPeer[];
  /** Tasks that answer in this protocol and are not up yet. */
  readonly unready: readonly ProtocolPeer[];
}

/** What became of a probe. */
export interface Probed {
  readonly result: ProbeResult;
  /** Connections that it left open. */
  readonly leftOpen: number;
  /** Bytes that the probe took. */
  readonly bytesRead: number;
}

/** Knocks at a task that `serve` plays, over real sockets. */
export async function probePeer(
  protocol: InterfaceProtocol,
  serve: (socket: Socket) => void,
  signal: AbortSignal,
): Promise<Probed> {
  const served = new Set<Socket>();
  const server = createServer((socket) => {
    served.add(socket);
    // The peer's end of a connection that the other side resets: that is its good right.
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connections: Socket[] = [];
  try {
    const dial = async () => {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      connections.push(socket);
      await once(socket, 'connect');
      return socket;
    };
    const result = await protocol.probe(dial, signal);
    const bytesRead = connections.reduce((sum, socket) => sum + socket.bytesRead, 0);
    return { result, bytesRead, leftOpen: await stillOpen(connections) };
  } finally {
    for (const socket of served) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}

/** How many connections are open after the moment that closing may take. The peer still serves: it ends none of them. */
async function stillOpen(connections: readonly Socket[]): Promise<number> {
  const open = () => connections.filter((connection) => !connection.destroyed).length;
  for (let attempt = 0; open() > 0 && attempt < 25; attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const left = open();
  for (const connection of connections) connection.destroy();
  return left;
}
