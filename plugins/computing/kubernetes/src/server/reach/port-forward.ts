import { hasCode } from '@stele/sdk';
import type { ClusterApi } from '../api/cluster-api.ts';
import { Landing } from '../api/landing.ts';
import { paths } from '../api/request.ts';
import type { Place } from '../names.ts';
import { Forwarded } from './forwarded.ts';
import type { Link, LinkEvents, OpenLink, Opening } from './link.ts';
import { SpdyLink } from './spdy/link.ts';
import { WebSocketLink } from './web-socket/link.ts';

/** Milliseconds for the API server and the node. */
const patience = 15_000;

/** What a connection is made to. */
export interface Target {
  readonly pod: Place;
  readonly port: number;
  /** Whether something is known to listen there, so that a refusal needn't be waited for. */
  readonly isProven: boolean;
  /** Called whenever the pod says something. */
  readonly onHeard: () => void;
}

const bySpdy: OpenLink = (opening, events) => new SpdyLink(opening, events);
const byWebSocket: OpenLink = (opening, events) => new WebSocketLink(opening, events);

/** APIs with something before them that lets no SPDY through. */
const withoutSpdy = new WeakSet<ClusterApi>();

/**
 * Opens a connection to a port of a pod, through the API.
 * @throws UNREACHABLE, DENIED, NOT_FOUND
 */
export async function forward(api: ClusterApi, target: Target, signal: AbortSignal): Promise<Forwarded> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  try {
    const stream = withoutSpdy.has(api)
      ? await opened(api, target, byWebSocket, until)
      : await openedSomehow(api, target, until);
    await stream.opened(target.isProven);
    return stream;
  } catch (error) {
    throw api.explained(error, signal);
  }
}

async function openedSomehow(api: ClusterApi, target: Target, signal: AbortSignal): Promise<Forwarded> {
  try {
    return await opened(api, target, bySpdy, signal);
  } catch (error) {
    // Whoever says this has understood what was asked for.
    if (signal.aborted || hasCode(error, 'DENIED', 'NOT_FOUND', 'CONFLICT')) throw error;
    const stream = await opened(api, target, byWebSocket, signal);
    withoutSpdy.add(api);
    return stream;
  }
}

async function opened(
  { way }: ClusterApi,
  { pod, port, onHeard }: Target,
  open: OpenLink,
  signal: AbortSignal,
): Promise<Forwarded> {
  const proof = await way.proof(signal);
  const landing = new Landing();
  const carrier = await way.connect(signal, landing);
  const path = `${way.base}${paths.portForward(pod.namespace, pod.name)}`;
  return carried(open, { way, carrier, landing, path, port, proof }, onHeard, signal);
}

async function carried(open: OpenLink, opening: Opening, onHeard: () => void, signal: AbortSignal): Promise<Forwarded> {
  const { promise: given, reject } = Promise.withResolvers<never>();
  const give = (): void => reject(signal.reason);
  signal.addEventListener('abort', give, { once: true });
  if (signal.aborted) give();
  let link: Link | undefined;
  const linked = (events: LinkEvents): Link => (link = open(opening, events));
  // Who listens to errors stays: one that comes before anybody else does would end the process.
  const stream = new Forwarded(linked, onHeard).on('error', reject);
  try {
    await Promise.race([given, link?.upgraded]);
    return stream;
  } catch (error) {
    stream.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', give);
  }
}
