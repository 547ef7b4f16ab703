/** What runs in a container of the stand-in. Its image is this file; what it does is said by its environment. */
import { createServer as createWeb } from 'node:http';
import { createServer } from 'node:net';

const { KIT = 'print', LINES = '[]', EXIT = '0', ADDRESS = '127.0.0.1', BASE_PORT = '8080' } = process.env;

if (KIT === 'print') {
  for (const line of JSON.parse(LINES) as string[]) console.log(line);
  process.exitCode = Number(EXIT);
} else if (KIT === 'page') {
  createWeb((_, response) => response.end('far away\n')).listen(Number(BASE_PORT), ADDRESS, () => console.log('up'));
} else {
  process.on('SIGTERM', () => KIT === 'greet' && process.exit(0));
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end('hello\n');
  });
  server.listen(Number(BASE_PORT), ADDRESS, () => console.log('up'));
}
