/**
 * The load that wrk can't make, in a process of its own. Prints one JSON line.
 *
 *   client.ts down|up <port> <bytes> <headers>   moves bytes over one connection
 *   client.ts sockets <port> <count> <headers>   opens idle WebSockets, and closes them when stdin ends
 */
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

const [mode = '', portText = '', countText = '', headersText = '{}'] = process.argv.slice(2);
const port = Number(portText);
const count = Number(countText);
const headers = { Host: 'localhost', ...(JSON.parse(headersText) as Record<string, string>) };
const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
const head = (line: string, more = ''): string => `${line} HTTP/1.1\r\n${lines.join('')}${more}\r\n`;

if (mode === 'down') await down();
else if (mode === 'up') await up();
else await sockets();

async function down(): Promise<void> {
  const started = process.hrtime.bigint();
  let got = 0;
  const buffer = Buffer.alloc(1 << 20);
  const socket = connect({
    port,
    host: '127.0.0.1',
    onread: {
      buffer,
      callback(length, chunk) {
        if (got === 0) got -= Buffer.from(chunk).indexOf('\r\n\r\n') + 4;
        got += length;
        if (got >= count) socket.destroy();
        return true;
      },
    },
  });
  socket.write(head(`GET /bytes/${count}`));
  await once(socket, 'close');
  report(started, got);
}

async function up(): Promise<void> {
  const block = Buffer.alloc(1 << 20, 'z');
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const started = process.hrtime.bigint();
  socket.write(head('PUT /', `Content-Length: ${count}\r\n`));
  for (let sent = 0; sent < count; sent += block.length) {
    if (!socket.write(block)) await once(socket, 'drain');
  }
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  if (!answer.toString().startsWith('HTTP/1.1 200')) throw new Error(`upload failed: ${answer.toString()}`);
  report(started, count);
}

function report(started: bigint, bytes: number): void {
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  process.stdout.write(`${JSON.stringify({ bytes, seconds })}\n`);
}

async function sockets(): Promise<void> {
  const open: Socket[] = [];
  for (let i = 0; i < count; i += 50) {
    open.push(...(await Promise.all(Array.from({ length: Math.min(50, count - i) }, openOne))));
  }
  process.stdout.write(`${JSON.stringify({ open: open.length })}\n`);
  await once(process.stdin.resume(), 'end');
  for (const socket of open) socket.destroy();
}

/** A proxy under the load of this machine may lose one; it gets three chances. */
async function openOne(): Promise<Socket> {
  for (let left = 2; ; left -= 1) {
    const socket = connect(port, '127.0.0.1');
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';
    socket.write(head('GET /socket', `${upgrade}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`));
    const answer = await firstWords(socket);
    if (answer.startsWith('HTTP/1.1 101')) return socket;
    socket.destroy();
    if (left === 0) throw new Error(`no WebSocket: ${answer}`);
  }
}

function firstWords(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    socket.once('error', (error) => resolve(error.message));
    socket.once('close', () => resolve('closed'));
    setTimeout(() => resolve('no answer within 5 s'), 5000).unref();
  });
}
