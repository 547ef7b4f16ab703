import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeInterfaceProtocol, type ProtocolPeer } from '@stele/sdk/testing';
import { Http } from './http.ts';

const runner = { describe, it, before, after };

/** Plays a web application on whatever socket it is handed; `with` makes the server around its answers. */
function peersFor(make: (answer: RequestListener) => { emit(event: string, socket: unknown): boolean }) {
  return (what: string, answer: RequestListener): ProtocolPeer => ({
    what,
    serve: (socket) => void make(answer).emit('connection', socket),
  });
}

function status(code: number): RequestListener {
  return (_request, response) => void response.writeHead(code).end('words');
}

function subjects(peer: (what: string, answer: RequestListener) => ProtocolPeer) {
  return {
    ready: [
      peer('a page', status(200)),
      peer('a redirect', status(302)),
      peer('a log-in', status(401)),
      peer('nothing at the root', status(404)),
    ],
    unready: [peer('a gateway without its application', status(502)), peer('an application that starts', status(503))],
  };
}

describeInterfaceProtocol(runner, {
  protocol: new Http('http'),
  ...subjects(peersFor((answer) => createServer(answer))),
});

const pair = makeCertificate();
if (pair === undefined)
  describe.skip('interface protocol “https” (openssl makes no certificate here)', () => undefined);
else {
  describeInterfaceProtocol(runner, {
    protocol: new Http('https'),
    ...subjects(peersFor((answer) => createSecureServer(pair, answer))),
  });
}

/** A certificate that nobody vouches for, as containers make them. */
function makeCertificate(): { key: string; cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'stele-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const options = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '1',
    '-subj',
    '/CN=task',
  ];
  try {
    execFileSync('openssl', ['req', '-x509', ...options, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
