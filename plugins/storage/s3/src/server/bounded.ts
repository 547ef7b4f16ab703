import { pipeline, Readable, Transform } from 'node:stream';
import type { NodeHttpHandler } from '@smithy/node-http-handler';

type Handle = NodeHttpHandler['handle'];

/** Bytes of an answer that is read as a whole: a thousand keys of the longest kind, thrice. */
const most = 16 * 1024 ** 2;

/**
 * Lets answers that are read as a whole be so long and no longer: the store may be anybody's. The bytes of an object pass, since
 * nobody keeps them.
 */
export function bounded(handle: Handle, limit = most): Handle {
  return async (request, options) => {
    const answer = await handle(request, options);
    const { response } = answer;
    const isContent = request.query?.['x-id'] === 'GetObject' && response.statusCode < 300;
    // Node itself keeps to a length that is told.
    const isShort = Number(response.headers['content-length'] ?? Infinity) <= limit;
    if (!isContent && !isShort && response.body instanceof Readable) response.body = cut(response.body, limit);
    return answer;
  };
}

function cut(body: Readable, limit: number): Readable {
  let size = 0;
  const counted = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      size += chunk.length;
      if (size > limit) done(new Error(`the answer is longer than ${limit} bytes`));
      else done(null, chunk);
    },
  });
  // Whoever reads it is told of a failure, on either side, by the stream itself.
  return pipeline(body, counted, () => undefined);
}
