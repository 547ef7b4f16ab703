import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type CredentialService, type JsonObject, SteleError, type StorageResource } from '@stele/sdk';
import { newClients } from '../../plugins/storage/s3/src/server/clients.ts';
import { S3 } from '../../plugins/storage/s3/src/server/s3.ts';

const run = promisify(execFile);
const bed = fileURLToPath(new URL('../beds/s3', import.meta.url));
const port = Number(process.env['S3_PORT'] ?? 15_080);
const name = process.env['S3_NAME'];
const folder = `${process.env['STELE_BEDS'] ?? '/var/tmp/stele-beds'}/s3${name ? `-${name}` : ''}`;

export const endpoint = `https://localhost:${port}`;
export const guarded = `https://localhost:${port + 1}`;
/** What the store is vouched for by. There while the bed is up. */
export const certificate = (): string => readFileSync(`${folder}/ca.pem`, 'utf8');

/** A store, and who gets in. */
export interface Place {
  readonly endpoint: string;
  /** What it is vouched for by; read when it is up. */
  readonly certificate: () => string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The bed's open one, whoever asks. */
export const open: Place = { endpoint, certificate, keys: { accessKeyId: 'test', secretAccessKey: 'test' } };

let isOurs = false;

/**
 * Brings the store up, unless it is. Call it in `before`, with time for the first one.
 * @returns why it can't be had on this machine
 */
export async function bringStore(): Promise<string | undefined> {
  const hasMoto = await run('python3', ['-c', 'import moto.server']).then(
    () => true,
    () => false,
  );
  if (!hasMoto && process.getuid?.() !== 0) return 'an object store needs Python’s moto, or root';
  isOurs ||= !existsSync(folder);
  await run(bed, ['up']);
  return undefined;
}

// Once, after all tests of all files: what was up before stays. A benchmark has no such hook.
if ('after' in globalThis) {
  after(async function () {
    this.timeout(60_000);
    if (isOurs) await run(bed, ['down']);
  });
}

/** What it kept is gone then. */
export const restartStore = (): Promise<unknown> => run(bed, ['restart']);

export const keysOf = (name: string): JsonObject => ({
  accessKeyId: `KEY-OF-${name}`,
  secretAccessKey: `SECRET-OF-${name}`,
});

/** Credentials by user name, and the platform's. */
export function credentialsBy(names: Readonly<Record<string, JsonObject>>): CredentialService {
  return {
    async of(_target, { who }) {
      const found = names[who.kind === 'user' ? who.name : 'platform'];
      if (found) return found;
      throw new SteleError('DENIED', 'Enter your keys on the account page.');
    },
  };
}

export const clients = newClients();
export const settings = { endpoints: [], plainHttp: false };
const everybody = credentialsBy({ ada: keysOf('x'), grace: keysOf('y'), platform: keysOf('z') });
export const backend = new S3({ credentials: everybody, clients, settings });

/** The plugin, which gets in everywhere with a store's own keys. */
export function backendOf({ keys }: Place): S3 {
  return new S3({ credentials: credentialsBy({ ada: keys, grace: keys, platform: keys }), clients, settings });
}

/** A storage of the bed; its certificate is read when it is asked for. */
export function storageAt(
  bucket: string,
  conf: JsonObject = {},
  parts: Partial<StorageResource> = {},
  place: Place = open,
): StorageResource {
  return {
    id: randomUUID(),
    name: 'Bucket',
    backend: 's3',
    access: 'api',
    auth: 'platform-token',
    accessConf: {},
    readOnly: false,
    ...parts,
    get conf() {
      return { endpoint: place.endpoint, bucket, ca: place.certificate(), ...conf };
    },
  };
}

/** The store behind the platform's back. */
export class Store implements Disposable {
  readonly client: S3Client;

  constructor({ endpoint, certificate, keys }: Place = open) {
    this.client = new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: keys,
      requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ ca: certificate() }) }),
    });
  }

  async makeBucket(name = `bed-${randomUUID()}`): Promise<string> {
    await this.client.send(new CreateBucketCommand({ Bucket: name }));
    return name;
  }

  async put(Bucket: string, Key: string, Body = ''): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(Body) }));
  }

  async keys(Bucket: string): Promise<string[]> {
    const { Contents = [] } = await this.client.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
    return Contents.map(({ Key = '' }) => decodeURIComponent(Key.replaceAll('+', '%20')));
  }

  /** Uploads that were begun and neither finished nor ended. */
  async uploads(Bucket: string): Promise<number> {
    const { Uploads = [] } = await this.client.send(new ListMultipartUploadsCommand({ Bucket }));
    return Uploads.length;
  }

  async empty(Bucket: string): Promise<void> {
    await Promise.all(
      (await this.keys(Bucket)).map((Key) => this.client.send(new DeleteObjectCommand({ Bucket, Key }))),
    );
  }

  async removeBucket(Bucket: string): Promise<void> {
    await this.empty(Bucket);
    await this.client.send(new DeleteBucketCommand({ Bucket }));
  }

  [Symbol.dispose](): void {
    this.client.destroy();
  }
}
