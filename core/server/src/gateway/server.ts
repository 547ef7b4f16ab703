import { type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { answerOn, refuse } from './answers.ts';
import type { Gateway } from './gateway.ts';
import { notThere } from './refusals.ts';

/** Who answers the requests of a listener. */
export interface Answerer {
  request(req: IncomingMessage, res: ServerResponse, awaitsContinue: boolean): void;
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
}

const headLimit = 60_000;
const keepAliveDelay = 30_000;

/** Makes a listener fit for traffic of tasks: uploads and streams may last for days, half a request may not. */
export function serve(server: Server, answerer: Answerer): void {
  server.requestTimeout = 0; // Node's 5 minutes would cut uploads.
  server.headersTimeout = headLimit;
  server.timeout = 0;
  server.on('connection', (socket: Socket) => socket.setKeepAlive(true, keepAliveDelay));
  server.on('request', (req, res) => answerer.request(req, res, false));
  server.on('checkContinue', (req, res) => answerer.request(req, res, true));
  server.on('upgrade', (req, socket, head) => {
    if (isAnswering(req, socket)) socket.destroy();
    else answerer.upgrade(req, socket, head);
  });
}

/**
 * Whether an earlier request on the connection has no answer yet. No browser leaves HTTP before it has; whoever does can't be
 * answered in turn, and an answer out of turn is an error that nobody catches.
 */
function isAnswering(req: IncomingMessage, socket: Duplex): boolean {
  const trial = new ServerResponse(req);
  try {
    trial.assignSocket(socket as Socket);
  } catch {
    return true;
  }
  trial.detachSocket(socket as Socket);
  return false;
}

/** Divides the platform's own listener: the tasks' hosts to the gateway, all others to the platform. */
export function share(server: Server, gateway: Gateway, platform: RequestListener): void {
  serve(server, {
    request(req, res, awaitsContinue) {
      if (gateway.owns(req.headers.host ?? '')) return gateway.handleRequest(req, res, awaitsContinue);
      if (awaitsContinue) res.writeContinue();
      platform(req, res);
    },
    upgrade(req, socket, head) {
      if (gateway.owns(req.headers.host ?? '')) gateway.handleUpgrade(req, socket, head);
      else refuse(req, answerOn(req, socket), notThere);
    },
  });
}
