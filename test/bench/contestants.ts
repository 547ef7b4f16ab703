import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort } from '../e2e/lib/free-port.ts';
import { Contestant, firstLine, local, node, pause } from './processes.ts';

interface Announced {
  readonly port: number;
  readonly headers?: Record<string, string>;
}

async function nodeContestant(name: string, file: string, args: readonly string[] = []): Promise<Contestant> {
  const child = node(file, args);
  const { port, headers } = await firstLine<Announced>(child);
  return new Contestant(name, child, port, headers);
}

export const backend = (): Promise<Contestant> => nodeContestant('backend alone', 'servers/backend.ts');

/** Starts one proxy in front of a port. */
export type Start = (target: number) => Promise<Contestant>;

const own =
  (name: string, file: string): Start =>
  (target) =>
    nodeContestant(name, file, [String(target)]);

/** By name, in the order of the table. */
export const proxies = (scratch: string): ReadonlyMap<string, Start> =>
  new Map<string, Start>([
    ['nginx', (target) => nginx(scratch, target)],
    ['bare pipe', own('bare pipe', 'servers/pipe.ts')],
    ['gateway', own('gateway', 'servers/gateway.ts')],
    ['http-proxy-middleware', own('http-proxy-middleware', 'servers/library.ts')],
    ['configurable-http-proxy', configurable],
  ]);

async function configurable(target: number): Promise<Contestant> {
  const bin = createRequire(import.meta.url).resolve('configurable-http-proxy/bin/configurable-http-proxy');
  const [port, api] = [await freePort(), await freePort()];
  const where = ['--ip', '127.0.0.1', '--port', String(port), '--api-ip', '127.0.0.1', '--api-port', String(api)];
  const options = ['--expose-gc', '--import', local('servers/collect.ts'), bin, ...where];
  const more = ['--default-target', `http://127.0.0.1:${target}`, '--log-level', 'error'];
  const env = { ...process.env, CONFIGPROXY_AUTH_TOKEN: 'bench' };
  const child = spawn(process.execPath, [...options, ...more], { stdio: 'ignore', env });
  await answers(port);
  return new Contestant('configurable-http-proxy', child, port);
}

/** One worker, as the others have one thread; unbuffered, as the gateway is. */
const nginxConf = (scratch: string, port: number, target: number): string => `
worker_processes 1;
daemon off;
pid ${scratch}/nginx.pid;
error_log ${scratch}/error.log crit;
worker_rlimit_nofile 20000;
events { worker_connections 10000; }
http {
  access_log off;
  client_body_temp_path ${scratch}/body;
  proxy_temp_path ${scratch}/proxy;
  fastcgi_temp_path ${scratch}/fastcgi;
  uwsgi_temp_path ${scratch}/uwsgi;
  scgi_temp_path ${scratch}/scgi;
  keepalive_requests 100000000;
  upstream task { server 127.0.0.1:${target}; keepalive 256; keepalive_requests 100000000; }
  map $http_upgrade $connection_out { default ""; websocket upgrade; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    client_max_body_size 0;
    location / {
      proxy_pass http://task;
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_request_buffering off;
      proxy_read_timeout 1h;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_out;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`;

async function nginx(scratch: string, target: number): Promise<Contestant> {
  const port = await freePort();
  const file = join(scratch, 'nginx.conf');
  mkdirSync(scratch, { recursive: true });
  writeFileSync(file, nginxConf(scratch, port, target));
  const child = spawn('/usr/sbin/nginx', ['-e', join(scratch, 'error.log'), '-c', file], { stdio: 'ignore' });
  await answers(port);
  return new Contestant('nginx', child, port);
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const isUp = await fetch(`http://127.0.0.1:${port}/`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isUp) return;
    await pause(50);
  }
  throw new Error(`nothing answers on port ${port}`);
}
