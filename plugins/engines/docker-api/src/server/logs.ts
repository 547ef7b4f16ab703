import type { LogOptions } from '@stele/sdk';
import { isGood, limits } from './http/api.ts';
import { textOf, unframed } from './http/bodies.ts';
import type { Session } from './session.ts';

const doing = 'read a container’s output';

/** What a container printed, as it comes. Ends quietly when `signal` aborts. NOT_FOUND when the container is absent. */
export async function* logs(
  { api, greeting }: Session,
  name: string,
  { follow = false, tail }: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const lines = tail === undefined ? {} : { tail: String(Math.max(0, Math.floor(tail))) };
  const query = { stdout: 'true', stderr: 'true', follow: String(follow), ...lines };
  const request = { method: 'GET', path: `${greeting.prefix}/containers/${name}/logs`, query } as const;
  // Docker says nothing, not even that it will, before a followed container has printed something.
  const purpose = { doing, limit: limits.question };
  const answer = await (follow ? api.send(request, signal) : api.open(request, purpose, signal));
  const status = answer.statusCode ?? 0;
  if (!isGood(status)) throw api.failure(status, await api.read(() => textOf(answer), signal), doing);
  try {
    yield* unframed(answer);
  } catch (error) {
    if (!signal.aborted) throw api.explained(error, signal);
  } finally {
    answer.destroy();
  }
}
