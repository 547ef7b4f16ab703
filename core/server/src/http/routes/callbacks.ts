import type { IncomingMessage } from 'node:http';
import { hasCode } from '@stele/sdk';
import type { Context } from 'koa';
import { CallLimit, longestCall, parseCall, type StoredCallbacks } from '../../callbacks/index.ts';
import { HttpError } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { idParams } from './owned.ts';

/** Milliseconds that a caller has to say what it says. */
const patience = 30_000;

/** What the route of callbacks works with. */
export interface CallbackParts {
  readonly callbacks: StoredCallbacks;
  readonly limit?: CallLimit;
  /** Address of the caller, through declared proxies. */
  readonly addressOf: (koa: Context) => string;
  /** Has somebody look at a resource now. */
  readonly look: (computing: string) => void;
}

/** Where tasks call. Callers are no users: each call shows the secret of its task in its body, where no log sees it. */
export function callbackRoutes(parts: CallbackParts): Route[] {
  const limit = parts.limit ?? new CallLimit();
  return [
    route({
      ...{ method: 'POST', path: '/callbacks/:id', summary: 'A task tells its news', audience: 'anyone' },
      params: idParams,
      rawBody: true,
      status: 204,
      media: { type: 'text/plain', statuses: [200] },
      handle: async ({ params: { id }, koa }) => {
        const address = parts.addressOf(koa);
        const { computing, isUrgent, parcel } = await taken(parts, limit, { id, address, koa });
        if (isUrgent) parts.look(computing);
        if (parcel === undefined) return;
        koa.set('Cache-Control', 'no-store');
        koa.type = 'text/plain; charset=utf-8';
        koa.body = parcel;
      },
    }),
  ];
}

async function taken(
  { callbacks }: CallbackParts,
  limit: CallLimit,
  { id, address, koa }: { readonly id: string; readonly address: string; readonly koa: Context },
) {
  try {
    return await callbacks.take(id, address, async () => {
      // Counted where somebody waits for it: who makes up names leaves none of them behind. However it is written.
      refuseIf(await limit.called(address, id.toLowerCase()));
      return parseCall(await bodyOf(koa.req));
    });
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND', 'DENIED', 'INVALID')) refuseIf(await limit.refused(address));
    throw error;
  }
}

function refuseIf(wait: number | undefined): void {
  if (wait === undefined) return;
  throw new HttpError('RATE_LIMIT', 'There are too many calls from this address.', {
    headers: { 'Retry-After': String(wait) },
  });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const late = setTimeout(() => request.destroy(), patience);
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > longestCall) throw new HttpError('TOO_LARGE', 'A call has 64 KiB at most.', closing);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(late);
  }
}

/** The rest of what comes isn't read. */
const closing = { headers: { Connection: 'close' } };
