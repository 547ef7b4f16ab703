import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  type GetObjectCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { failureOf, isMissing, type Place, statusOf } from './failures.ts';
import { copySource } from './keys.ts';

type About = Pick<HeadObjectCommandOutput, 'ContentType' | 'Metadata'>;
type OnlyWhen = Pick<PutObjectCommandInput, 'IfNoneMatch'>;

/** Bytes of an object as they come. */
export interface Content {
  readonly body: Readable;
  /** Of this version of the object. */
  readonly tag: string | undefined;
  /** Whether it is a range of the object, rather than all of it. */
  readonly isRange: boolean;
  /** Bytes of the whole object, where it is a range and the store says so. */
  readonly total: number | undefined;
}

/**
 * Requests to one bucket; what goes wrong is told as the contract has it. Not called `Bucket`: TypeScript 7.0.2 renames
 * properties of a class's own name when it compiles.
 */
export class BucketRequests {
  readonly client: S3Client;
  readonly place: Place;

  constructor(client: S3Client, place: Place) {
    this.client = client;
    this.place = place;
  }

  /** What every request names. */
  get #at(): { readonly Bucket: string } {
    return { Bucket: this.place.bucket };
  }

  /** Keys come encoded: XML has no way to write control characters. */
  list(
    input: Omit<ListObjectsV2CommandInput, 'Bucket'>,
    abortSignal: AbortSignal,
  ): Promise<ListObjectsV2CommandOutput> {
    // A whole bucket has no prefix; an empty one is not the same to every store’s signature.
    const command = new ListObjectsV2Command({
      ...this.#at,
      EncodingType: 'url',
      ...input,
      Prefix: input.Prefix || undefined,
    });
    return this.#told(this.client.send(command, { abortSignal }));
  }

  /** `undefined` when there is no such object. */
  async head(Key: string, abortSignal: AbortSignal): Promise<HeadObjectCommandOutput | undefined> {
    try {
      return await this.client.send(new HeadObjectCommand({ ...this.#at, Key }), { abortSignal });
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw failureOf(error, this.place);
    }
  }

  /** `undefined` when there is no such object, nothing when the range lies behind its end. */
  async get(
    Key: string,
    which: Pick<GetObjectCommandInput, 'Range' | 'IfMatch'>,
    abortSignal: AbortSignal,
  ): Promise<Content | 'nothing' | undefined> {
    try {
      const command = new GetObjectCommand({ ...this.#at, Key, ...which });
      const { Body, ETag, ContentRange } = await this.client.send(command, { abortSignal });
      const [isRange, total] = [ContentRange !== undefined, totalIn(ContentRange)];
      return { body: Body as Readable, tag: ETag, isRange, total };
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (statusOf(error) === 416) return 'nothing';
      throw failureOf(error, this.place);
    }
  }

  /** Makes an object in one request. */
  async put(Key: string, Body: Uint8Array, when: OnlyWhen, abortSignal: AbortSignal): Promise<void> {
    const command = new PutObjectCommand({ ...this.#at, Key, Body, ContentLength: Body.length, ...when });
    await this.#told(this.client.send(command, { abortSignal }));
  }

  /** Makes an empty object, unless there is one. */
  mark(Key: string, abortSignal: AbortSignal): Promise<void> {
    return this.put(Key, new Uint8Array(0), { IfNoneMatch: '*' }, abortSignal);
  }

  async delete(Key: string, abortSignal: AbortSignal): Promise<void> {
    await this.#told(this.client.send(new DeleteObjectCommand({ ...this.#at, Key }), { abortSignal }));
  }

  /**
   * Removes up to 1,000 objects.
   * @returns why some are still there
   */
  async deleteAll(keys: readonly string[], abortSignal: AbortSignal): Promise<{ count: number; reason: string }> {
    const command = new DeleteObjectsCommand({
      ...this.#at,
      Delete: { Quiet: true, Objects: keys.map((Key) => ({ Key })) },
    });
    command.middlewareStack.add((next) => (args) => next(withContentMd5(args)), { step: 'build' });
    const { Errors = [] } = await this.#told(this.client.send(command, { abortSignal }));
    return { count: Errors.length, reason: Errors[0]?.Message ?? Errors[0]?.Code ?? '' };
  }

  async copy(from: string, Key: string, abortSignal: AbortSignal): Promise<void> {
    const CopySource = copySource(this.place.bucket, from);
    const command = new CopyObjectCommand({ ...this.#at, Key, CopySource, IfNoneMatch: '*' });
    await this.#told(this.client.send(command, { abortSignal }));
  }

  /** Not aborted: an upload whose name never arrives could not be ended. */
  async begin(Key: string, about: About): Promise<string> {
    const { ContentType, Metadata } = about;
    const command = new CreateMultipartUploadCommand({ ...this.#at, Key, ContentType, Metadata });
    const { UploadId } = await this.#told(this.client.send(command));
    return UploadId ?? '';
  }

  async copyPart(
    from: string,
    { Key, UploadId, PartNumber }: { Key: string; UploadId: string; PartNumber: number },
    CopySourceRange: string,
    abortSignal: AbortSignal,
  ): Promise<CompletedPart> {
    const CopySource = copySource(this.place.bucket, from);
    const input = { ...this.#at, Key, UploadId, PartNumber, CopySource, CopySourceRange };
    const { CopyPartResult } = await this.#told(this.client.send(new UploadPartCopyCommand(input), { abortSignal }));
    return { PartNumber, ETag: CopyPartResult?.ETag };
  }

  async complete(Key: string, UploadId: string, Parts: CompletedPart[], abortSignal: AbortSignal): Promise<void> {
    const input = { ...this.#at, Key, UploadId, MultipartUpload: { Parts }, IfNoneMatch: '*' };
    await this.#told(this.client.send(new CompleteMultipartUploadCommand(input), { abortSignal }));
  }

  /** Removes the parts of an upload. Its caller has given up already: it has a time limit of its own. */
  async end(Key: string, UploadId: string): Promise<void> {
    const command = new AbortMultipartUploadCommand({ ...this.#at, Key, UploadId });
    await this.#told(this.client.send(command, { abortSignal: AbortSignal.timeout(cleaning) }));
  }

  async #told<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw failureOf(error, this.place);
    }
  }
}

/** As `bytes 0-9/100` says it. Pure. */
export function totalIn(contentRange: string | undefined): number | undefined {
  const [, total] = /^bytes \d+-\d+\/(\d+)$/.exec(contentRange ?? '') ?? [];
  return total === undefined ? undefined : Number(total);
}

/** Milliseconds for taking back what was begun. */
export const cleaning = 30_000;

/** Older stores of other makers take a list of what to remove only with this. */
function withContentMd5<T extends { readonly request: unknown }>(args: T): T {
  const { body, headers } = args.request as { body?: unknown; headers: Record<string, string> };
  if (typeof body === 'string' || body instanceof Uint8Array) {
    headers['content-md5'] = createHash('md5').update(body).digest('base64');
  }
  return args;
}
