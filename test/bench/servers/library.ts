/** http-proxy-middleware 4 with a keep-alive agent and nothing else: what the library costs by itself. */
import { Agent, createServer } from 'node:http';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { announce } from './announce.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const proxy = createProxyMiddleware({
  target: `http://127.0.0.1:${Number(process.argv[2])}`,
  agent,
  ws: false,
  xfwd: true,
  ejectPlugins: true,
  // A WebSocket that breaks is an error of the proxy's, and ends the process when no one listens (seen with 4.2.1).
  plugins: [(own) => void own.on('error', () => undefined)],
});
const server = createServer((req, res) => void proxy(req, res));
server.requestTimeout = 0;
server.on('upgrade', (req, socket, head) => proxy.upgrade?.(req, socket as Parameters<typeof proxy.upgrade>[1], head));
announce(server);
