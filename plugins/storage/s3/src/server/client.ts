import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { trusting } from '@stele/sdk/http';
import { bounded } from './bounded.ts';
import type { ClientSettings } from './clients.ts';
import { Contents } from './content/contents.ts';
import { guardedLookup } from './endpoint.ts';

/** Milliseconds until a connection stands, and until a request is answered that may carry a part of a file. */
const connecting = 5_000;
const answering = 180_000;
const sockets = 32;

export function makeClient(settings: ClientSettings): S3Client {
  const { endpoint, region, pathStyle, keys } = settings;
  const client = new S3Client({
    region,
    forcePathStyle: pathStyle,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(keys === undefined ? { credentials: nobody, signer: unsigned } : { credentials: { ...keys } }),
    requestHandler: handlerFor(settings),
    maxAttempts: 3,
    // Stores of other makers know no more, and TLS sees to the bytes.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  client.middlewareStack.add((next) => (args) => next(unsummed(args)), { step: 'build', name: 'unsummed' });
  return client;
}

interface Unsigned {
  readonly protocol: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers: Record<string, string>;
}

/** Leaves the bytes of files out of the signature where TLS sees to them: their sum takes longer than their way. */
function unsummed<T extends { readonly request: unknown }>(args: T): T {
  const { protocol, query, headers } = args.request as Unsigned;
  const isContent = ['PutObject', 'UploadPart'].includes(String(query?.['x-id']));
  if (isContent && protocol === 'https:') headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
  return args;
}

const nobody = { accessKeyId: '', secretAccessKey: '' };
const unsigned = { sign: async <T>(request: T): Promise<T> => request };

function handlerFor({ ca, isGuarded }: ClientSettings): NodeHttpHandler {
  const dialling = isGuarded ? { lookup: guardedLookup } : {};
  const secure = { ...dialling, ...trusting(ca) };
  const agent = { keepAlive: true, maxSockets: sockets };
  const handler = new NodeHttpHandler({
    httpAgent: new HttpAgent({ ...agent, ...dialling }),
    httpsAgent: new HttpsAgent({ ...agent, ...secure }),
    connectionTimeout: connecting,
    requestTimeout: answering,
    throwOnRequestTimeout: true,
  });
  const contents = new Contents(secure);
  handler.handle = bounded(contents.over(handler.handle.bind(handler)));
  const destroy = handler.destroy.bind(handler);
  handler.destroy = () => {
    contents[Symbol.dispose]();
    destroy();
  };
  return handler;
}
