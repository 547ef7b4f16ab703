import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FileEntry, FileTree, OpenStorage } from '@stele/sdk';
import { FileItem, FileList, FileOperation, FilePath, FileQuery, Id, Strict } from '@stele/sdk/api';
import type { Context } from 'koa';
import { contentType } from 'mime-types';
import { Type } from 'typebox';
import type { Viewer } from '../../accounts/index.ts';
import type { Storages } from '../../storage/index.ts';
import { callFor, identityOf } from '../../tasks/index.ts';
import type { Logger } from '@stele/sdk';
import { attachment } from '../disposition.ts';
import { giveBackWhenSent } from '../give-back.ts';
import { HttpError } from '../problem.ts';
import { lengthOf, parseRange } from '../range.ts';
import { type Route, route } from '../route.ts';
import type { ListenerOf } from './events.ts';

const params = Strict({ id: Id });
const fileQuery = Strict({ path: FilePath });

/** Never shown by a browser as a page of ours: an attachment, unsniffed, in a sandbox (D8). */
const inert = { 'Content-Security-Policy': "sandbox; default-src 'none'", 'Cache-Control': 'private, no-store' };

type Open = (viewer: Viewer, id: string, signal: AbortSignal) => Promise<OpenStorage>;

export function fileRoutes(storages: Storages, listenerOf: ListenerOf, log: Logger): Route[] {
  const open: Open = (viewer, id, signal) => storages.open(viewer, id, callFor(identityOf(viewer), log, signal));
  return [...treeRoutes(open), ...contentRoutes(open, listenerOf)];
}

function treeRoutes(open: Open): Route[] {
  return [
    route({
      method: 'GET',
      path: '/storages/:id/files',
      summary: 'A folder, page by page; or one file’s entry',
      audience: 'user',
      params,
      query: FileQuery,
      answer: FileList,
      handle: async ({ viewer, params, query, signal }) => {
        await using tree = await open(viewer, params.id, signal);
        return await list(tree, query, signal);
      },
    }),
    route({
      method: 'POST',
      path: '/storages/:id/operations',
      summary: 'Makes a folder, moves, copies, removes',
      audience: 'user',
      params,
      body: FileOperation,
      answer: Strict({ entry: Type.Optional(FileItem) }),
      handle: async ({ viewer, params, body, signal }) => {
        await using tree = await open(viewer, params.id, signal);
        return await operate(tree, body, signal);
      },
    }),
  ];
}

/** However long a file is on its way, it is no longer than the session or token that asked for it lasts. */
function contentRoutes(open: Open, listenerOf: ListenerOf): Route[] {
  return [
    route({
      method: 'GET',
      path: '/storages/:id/content',
      summary: 'A file’s bytes, or a range of them',
      audience: 'user',
      params,
      query: fileQuery,
      media: { type: '*/*', statuses: [200, 206] },
      handle: async ({ viewer, params, query, signal, koa }) => {
        const { signal: allowed } = listenerOf(koa, viewer, signal);
        return download(koa, await open(viewer, params.id, allowed), query.path, allowed);
      },
    }),
    route({
      method: 'PUT',
      path: '/storages/:id/content',
      summary: 'Writes a file from the body, whole or not at all',
      audience: 'user',
      params,
      query: Strict({ path: FilePath, overwrite: Type.Optional(Type.Boolean({ default: false })) }),
      rawBody: true,
      answer: FileItem,
      status: 201,
      handle: async ({ viewer, params, query, signal, koa }) => {
        const { signal: allowed } = listenerOf(koa, viewer, signal);
        try {
          await using tree = await open(viewer, params.id, allowed);
          return { ...(await upload(tree, koa, query, allowed)) };
        } catch (error) {
          throw allowed.aborted && !signal.aborted ? nobodyNow() : error;
        }
      },
    }),
  ];
}

async function list(tree: FileTree, query: FileQueryValues, signal: AbortSignal): Promise<FileList> {
  const [entry, usage] = await Promise.all([tree.stat(query.path ?? '', signal), tree.usage(signal)]);
  const room = usage ? { usage: { ...usage } } : {};
  if (entry.kind !== 'folder') return { entry: { ...entry }, items: [], total: 0, ...room };
  const { cursor, limit, hidden } = query;
  const options = {
    ...(cursor === undefined ? {} : { cursor }),
    ...(limit === undefined ? {} : { limit }),
    ...(hidden === undefined ? {} : { hidden }),
  };
  const page = await tree.list(entry.path, options, signal);
  const next = page.next === undefined ? {} : { next: page.next };
  const total = page.total === undefined ? {} : { total: page.total };
  return { entry: { ...entry }, items: page.items.map((item) => ({ ...item })), ...total, ...next, ...room };
}

interface FileQueryValues {
  readonly path?: string;
  readonly cursor?: string;
  readonly limit?: number;
  readonly hidden?: boolean;
}

async function download(koa: Context, tree: OpenStorage, path: string, signal: AbortSignal): Promise<unknown> {
  await using stack = new AsyncDisposableStack();
  stack.use(tree);
  const entry = await tree.stat(path, signal);
  if (entry.kind !== 'file') throw new HttpError('CONFLICT', 'Only files can be downloaded.', { field: 'path' });
  const range = parseRange(koa.get('Range') || undefined, entry.size);
  koa.set({ ...inert, 'Accept-Ranges': 'bytes', 'Content-Disposition': attachment(entry.name) });
  if (range === 'unsatisfiable') {
    koa.set('Content-Range', `bytes */${entry.size}`);
    koa.status = 416;
    return undefined;
  }
  // As many bytes as are announced, however it grows: what came after them would be read as the answer to somebody else, where
  // a proxy has one connection for many.
  const wanted = range ?? { start: 0, end: entry.size - 1 };
  const content = entry.size === 0 ? Readable.from([]) : await tree.read(path, wanted, signal);
  const lease = stack.move();
  content.once('close', () => void lease.disposeAsync());
  koa.status = range ? 206 : 200;
  if (range) koa.set('Content-Range', `bytes ${range.start}-${range.end}/${entry.size}`);
  koa.length = lengthOf(wanted);
  koa.type = contentType(entry.name) || 'application/octet-stream';
  giveBackWhenSent(koa.res);
  return content;
}

/** Their session or token has ended on the way. */
function nobodyNow(): HttpError {
  return new HttpError('UNAUTHENTICATED', 'Your session ended before the file was there. Log in, and upload it again.');
}

interface UploadQuery {
  readonly path: string;
  readonly overwrite?: boolean;
}

/** Writes what comes; its length is told, where the upload says it. */
function upload(tree: FileTree, koa: Context, query: UploadQuery, signal: AbortSignal): Promise<FileEntry> {
  const { length: size } = koa.request;
  const options = { overwrite: query.overwrite ?? false, ...(size === undefined ? {} : { size }) };
  return tree.write(query.path, whole(koa), options, signal);
}

/** The body to its declared end: one that breaks off is an error, never a shorter file. */
async function* whole({ req }: Context): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of req.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
  } finally {
    linger(req);
  }
  if (!req.complete) throw new HttpError('INVALID', 'The upload broke off.');
}

/** Milliseconds for which the rest of a refused upload is listened to. */
const lingering = 30_000;

/** Throws the rest of a body away. Whoever is cut off while still sending never reads why. */
function linger(req: IncomingMessage): void {
  const { socket } = req;
  if (req.complete || socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), lingering);
  // Once the answer is out, a request hears no more of its connection's end.
  const end = (): void => {
    clearTimeout(timer);
    socket.off('close', end);
  };
  socket.once('close', end);
  req.once('end', end);
  req.resume();
}

async function operate(tree: FileTree, body: FileOperation, signal: AbortSignal): Promise<{ entry?: FileItem }> {
  switch (body.op) {
    case 'mkdir':
      return { entry: { ...(await tree.makeFolder(body.path, signal)) } };
    case 'move':
      return { entry: { ...(await tree.move(body.from, body.to, signal)) } };
    case 'copy':
      return { entry: { ...(await tree.copy(body.from, body.to, signal)) } };
    case 'remove':
      await tree.remove(body.path, signal);
      return {};
  }
}
