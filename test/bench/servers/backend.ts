/** What all contestants stand in front of: 1 KiB answers, endless bytes, and WebSockets that say nothing. */
import { createHash } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { announce } from './announce.ts';

const small = Buffer.alloc(1024, 'x');
const block = Buffer.alloc(1 << 20, 'y');

const server = createServer((req, res) => {
  if (req.method === 'PUT') return take(req, res);
  if (req.url?.startsWith('/bytes/')) return give(res, Number(req.url.slice('/bytes/'.length)));
  res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': small.length });
  res.end(small);
});
server.requestTimeout = 0;
server.keepAliveTimeout = 60_000;

function take(req: IncomingMessage, res: ServerResponse): void {
  let length = 0;
  req.on('data', (chunk: Buffer) => (length += chunk.length));
  req.on('end', () => res.end(String(length)));
}

function give(res: ServerResponse, length: number): void {
  res.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': length });
  let left = length;
  const more = (): void => {
    while (left > 0) {
      const next = left < block.length ? block.subarray(0, left) : block;
      left -= next.length;
      if (!res.write(next)) return void res.once('drain', more);
    }
    res.end();
  };
  more();
}

server.on('upgrade', (req, socket) => {
  const key = `${req.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  socket.on('error', () => socket.destroy()).on('end', () => socket.end());
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.resume();
});

announce(server);
