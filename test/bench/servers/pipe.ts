/** The floor in this language: request, pipe, response. Nothing is checked, nothing rewritten. */
import { Agent, createServer, request } from 'node:http';
import { connect } from 'node:net';
import { announce } from './announce.ts';

const port = Number(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

const server = createServer((req, res) => {
  const out = request({ host: '127.0.0.1', port, method: req.method, path: req.url, headers: req.headers, agent });
  out.on('response', (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
  });
  out.on('error', () => res.destroy());
  req.pipe(out);
});
server.requestTimeout = 0;

server.on('upgrade', (req, socket) => {
  const out = connect(port, '127.0.0.1', () => {
    let head = `GET ${req.url ?? '/'} HTTP/1.1\r\n`;
    for (const [name, value] of Object.entries(req.headers)) head += `${name}: ${String(value)}\r\n`;
    out.write(`${head}\r\n`);
    out.pipe(socket).pipe(out);
  });
  out.on('error', () => socket.destroy());
  socket.on('error', () => out.destroy());
});

announce(server);
