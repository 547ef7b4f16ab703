import { type IncomingMessage, type ServerResponse, request } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Jar } from './cookies.ts';
import { headersFromTask } from './headers.ts';
import { tunnel } from './tunnel.ts';
import type { Upstream } from './upstream.ts';

/** A WebSocket on its way to a task. */
export interface Call {
  readonly req: IncomingMessage;
  /** The client's end, and what it sent ahead. */
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly upstream: Upstream;
  readonly headers: string[];
  readonly jar: Jar;
  readonly keepAliveDelay: number;
  /** The task has answered, but not by switching. */
  onRefused(answer: IncomingMessage): void;
  /** The task could not be asked. */
  onFailure(error: NodeJS.ErrnoException): void;
}

/** Asks the task to switch protocols and, when it does, joins both ends. What they say to each other stays theirs. */
export function openWebSocket(call: Call): void {
  const { req, socket, upstream } = call;
  const headers = [...call.headers, 'Connection', 'Upgrade', 'Upgrade', 'websocket'];
  const out = request({ agent: upstream.single, method: 'GET', path: req.url, headers, setHost: false });
  const stopWatching = watch(socket, () => out.destroy());
  let hasAnswered = false;
  out.on('response', (answer) => {
    hasAnswered = true;
    answer.once('close', stopWatching);
    call.onRefused(answer);
  });
  out.on('error', (error: NodeJS.ErrnoException) => {
    stopWatching();
    // What breaks in an answer is told by the answer's own end: there is no second one on this socket.
    if (!hasAnswered && !socket.destroyed) call.onFailure(error);
  });
  out.on('upgrade', (answer, far, farHead) => {
    stopWatching();
    out.removeAllListeners();
    out.on('error', () => far.destroy());
    join(call, answer, far, farHead);
  });
  out.end();
}

/** Tells when the client leaves while no one reads from it. Takes nothing of what it may have sent already. */
function watch(socket: Duplex, onLeft: () => void): () => void {
  // A stream says that it has ended only to who reads it to the end.
  const look = (): void => void (socket.readableLength === 0 && socket.read());
  const leave = (): void => void socket.destroy();
  socket.on('readable', look).once('end', leave).once('close', onLeft);
  return () => void socket.off('readable', look).off('end', leave).off('close', onLeft);
}

function join(call: Call, answer: IncomingMessage, far: Duplex, farHead: Buffer): void {
  const { socket, head, jar, keepAliveDelay } = call;
  detectSilence(socket, keepAliveDelay);
  detectSilence(far, keepAliveDelay);
  socket.write(switchingHead(headersFromTask(answer.rawHeaders, jar)), 'latin1');
  if (farHead.length > 0) socket.write(farHead);
  if (head.length > 0) far.write(head);
  tunnel(socket, far);
}

function switchingHead(headers: readonly string[]): string {
  let text = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `${text}\r\n`;
}

interface TcpLike {
  setKeepAlive(isOn: boolean, delay: number): unknown;
  setNoDelay(isOn: boolean): unknown;
  setTimeout(delay: number): unknown;
}

/** An end that vanished without a word (a closed laptop, a dead node) is noticed by TCP's own probes. */
function detectSilence(stream: Duplex & Partial<TcpLike>, delay: number): void {
  stream.setTimeout?.(0);
  stream.setNoDelay?.(true);
  stream.setKeepAlive?.(true, delay);
}

/** An answer to an upgrade request that stays HTTP. Ends the connection. */
export function relayRefusal(answer: IncomingMessage, res: ServerResponse, jar: Jar): void {
  try {
    res.writeHead(answer.statusCode ?? 0, answer.statusMessage, headersFromTask(answer.rawHeaders, jar));
  } catch {
    res.destroy(); // A head that HTTP does not allow: nothing of it can be told.
    answer.destroy();
    return;
  }
  answer.on('close', () => {
    if (!answer.complete) res.destroy();
  });
  answer.pipe(res);
}
