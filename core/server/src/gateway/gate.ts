import type { IncomingMessage } from 'node:http';
import { isForeign } from './foreign.ts';
import { type TaskOrigin, originText } from './origins.ts';
import { type Refusal, badCoding, badMethod, badRequest, badTarget, badUpgrade, foreign } from './refusals.ts';
import { refuseTarget } from './target.ts';

/** Why a request is refused by its form alone, whoever sends it. */
export function refuseForm(req: IncomingMessage): Refusal | undefined {
  const flaw = refuseTarget(req.url ?? '');
  if (flaw !== undefined) return badTarget(flaw);
  // TRACE would read back to a script what scripts may not see; CONNECT is for proxies of another kind.
  if (req.method === 'TRACE' || req.method === 'CONNECT') return badMethod;
  if (countOf(req.rawHeaders, 'host') !== 1) return badRequest('It names more than one host.');
  const coding = req.headers['transfer-encoding'];
  return coding === undefined || coding.toLowerCase() === 'chunked' ? undefined : badCoding;
}

function countOf(raw: readonly string[], wanted: string): number {
  let count = 0;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    if (name.length === wanted.length && name.toLowerCase() === wanted) count += 1;
  }
  return count;
}

/** Why a request is refused for where it was made. */
export function refuseSource(req: IncomingMessage, origin: TaskOrigin): Refusal | undefined {
  const { headers } = req;
  const fetchSite = headers['sec-fetch-site'] as string | undefined;
  if (fetchSite === 'same-origin') return undefined;
  const source = {
    method: req.method ?? '',
    origin: headers.origin,
    fetchSite,
    fetchMode: headers['sec-fetch-mode'] as string | undefined,
    fetchDest: headers['sec-fetch-dest'] as string | undefined,
  };
  return isForeign(source, originText(origin)) ? foreign : undefined;
}

/** Why an upgrade is refused. Browsers let any page open a WebSocket to anywhere, and name that page here. */
export function refuseUpgrade(req: IncomingMessage, origin: TaskOrigin): Refusal | undefined {
  if (req.method !== 'GET' || req.headers.upgrade?.toLowerCase() !== 'websocket') return badUpgrade;
  return req.headers.origin === originText(origin) ? undefined : foreign;
}
