/**
 * The service behind the SSH server, in a process of its own: prints its port as one JSON line. The first bytes of a connection say what it
 * is for: `all <bytes>` has that many sent, `take <bytes>` has that many taken and then acknowledged, anything else is sent back.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

const block = Buffer.alloc(256 * 1024, 'stele');

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  void serve(socket);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));

async function serve(socket: Socket): Promise<void> {
  const [first] = (await once(socket, 'data')) as [Buffer];
  const [what, count] = first.toString('latin1', 0, 32).split(/[ \n]/);
  if (what === 'all') await send(socket, Number(count));
  else if (what === 'take') await take(socket, Number(count), first.length - first.indexOf('\n') - 1);
  else socket.write(first);
  socket.end();
}

async function send(socket: Socket, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += block.length) {
    if (!socket.write(block.subarray(0, count - sent))) await once(socket, 'drain');
  }
}

async function take(socket: Socket, count: number, taken: number): Promise<void> {
  let left = count - taken;
  while (left > 0) left -= ((await once(socket, 'data')) as [Buffer])[0].length;
  socket.write('taken');
}
