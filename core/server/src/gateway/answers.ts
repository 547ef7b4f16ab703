import { type IncomingMessage, STATUS_CODES, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { page, pagePolicy } from './page/html.ts';
import { pageScript } from './page/script.ts';
import { pageStyle } from './page/style.ts';
import type { Refusal } from './refusals.ts';

/** Writes the answers that the gateway itself gives. */

const common = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': pagePolicy,
} as const;

/** What goes along with a refusal. */
export interface Surroundings {
  /** Name of the task, for those who may know it. */
  readonly name?: string | undefined;
  /** The platform's page about the task. */
  readonly link?: string | undefined;
}

/** A page for a person, problem JSON for a program. */
export function refuse(req: IncomingMessage, res: ServerResponse, refusal: Refusal, around: Surroundings = {}): void {
  if (res.headersSent || res.destroyed) return void res.destroy();
  // Who waits for leave to send a body may send it yet, or not: what follows on this connection would be anyone's guess.
  if (req.headers.expect !== undefined) res.shouldKeepAlive = false;
  if (refusal.retryAfter !== undefined) res.setHeader('Retry-After', refusal.retryAfter);
  res.setHeader('Vary', 'Accept');
  if (wantsPage(req)) send(res, refusal.status, 'text/html; charset=utf-8', page(refusal, around.name, around.link));
  else send(res, refusal.status, 'application/problem+json', problem(refusal, around.link));
}

function wantsPage(req: IncomingMessage): boolean {
  const isRead = req.method === 'GET' || req.method === 'HEAD';
  return isRead && req.headers.upgrade === undefined && (req.headers.accept?.includes('text/html') ?? false);
}

function problem(refusal: Refusal, link: string | undefined): string {
  const { status, code, title, detail } = refusal;
  return JSON.stringify({ type: 'about:blank', title, status, code, detail, ...(link === undefined ? {} : { link }) });
}

export function sendJson(res: ServerResponse, value: object): void {
  send(res, 200, 'application/json', JSON.stringify(value));
}

/** The two files that the gateway's pages need, by name. */
export function sendAsset(res: ServerResponse, name: string): boolean {
  if (name === 'page.css') send(res, 200, 'text/css; charset=utf-8', pageStyle);
  else if (name === 'waiting.js') send(res, 200, 'text/javascript; charset=utf-8', pageScript);
  else return false;
  return true;
}

/** Sends who has entered on to where they wanted to go, with the cookie that says they have. */
export function sendEntry(res: ServerResponse, cookie: string, path: string, clearsSite: boolean): void {
  // Never "cookies": Chromium 156 clears those of the whole registrable domain, the one being set included.
  if (clearsSite) res.setHeader('Clear-Site-Data', '"cache", "storage"');
  res.setHeader('Set-Cookie', `${cookie}; Path=/; HttpOnly; Secure; SameSite=Lax`);
  res.setHeader('Location', path);
  send(res, 303, 'text/plain; charset=utf-8', '');
}

function send(res: ServerResponse, status: number, type: string, body: string): void {
  // With its reason: one that a task gave, and that HTTP doesn't allow, may be left from a first try.
  res.writeHead(status, STATUS_CODES[status], {
    ...common,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
  });
  res.end(body);
}

/** Node leaves it to us to answer on an upgrade's socket; its own class knows how. Ends the connection. */
export function answerOn(req: IncomingMessage, socket: Duplex): ServerResponse {
  // What goes wrong with the socket closes it, and that is listened for; unheard, it would end the process.
  if (socket.listenerCount('error') === 0) socket.on('error', () => undefined);
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  res.assignSocket(socket as Socket);
  res.once('finish', () => (socket as Socket).destroySoon());
  return res;
}
