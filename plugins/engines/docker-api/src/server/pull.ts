import type { ImageRef, PullOptions } from '@stele/sdk';
import { demandRegistry, linesOf, ofImage, PullProgress } from '@stele/sdk/oci';
import { isGood, limits } from './http/api.ts';
import { jsonOf, textOf } from './http/bodies.ts';
import type { Session } from './session.ts';

const doing = 'fetch the image';

/** What an engine says while it fetches: a line of JSON for each step of each layer. */
interface Step {
  readonly status?: string;
  readonly id?: string;
  readonly error?: string;
}

/** Fetches an image. Its failures come at the end of an answer that began well. */
export async function pull(
  session: Session,
  image: ImageRef,
  options: PullOptions,
  signal: AbortSignal,
): Promise<void> {
  const { api, flavour } = session;
  demandRegistry(image, `${api.title} on ${api.way.name} could not ${doing}`);
  const { architecture, credentials, onProgress } = options;
  const headers: Record<string, string> = credentials ? { 'x-registry-auth': authOf(image, credentials) } : {};
  return api.inTime(limits.pull, signal, async (until) => {
    const answer = await api.send({ ...flavour.pull(image, architecture), headers }, until);
    const status = answer.statusCode ?? 0;
    if (!isGood(status)) throw ofImage(api.failure(status, await api.read(() => textOf(answer), until), doing));
    const error = await api.read(() => follow(answer, onProgress), until);
    if (error !== undefined) throw ofImage(api.failure(status, error, doing));
  });
}

/** Reports steps to the end of a pull. The error that it ended with, where it did. */
async function follow(body: AsyncIterable<Uint8Array>, report: PullOptions['onProgress']): Promise<string | undefined> {
  const progress = new PullProgress();
  let error: string | undefined;
  for await (const line of linesOf(body)) {
    if (line.trim() === '') continue;
    const step = jsonOf(line) as Step;
    error ??= step.error;
    const sentence = progress.add(wordsOf(step));
    if (sentence !== undefined) report?.(sentence);
  }
  return error;
}

/** A step as the command line prints it. Pure. */
export function wordsOf({ id, status = '' }: Step): string {
  return id === undefined ? status : `${id.slice(0, 12)}: ${status}`;
}

/** Value of `X-Registry-Auth`. Secret. Pure. */
export function authOf(
  { registry }: ImageRef,
  { username, password }: NonNullable<PullOptions['credentials']>,
): string {
  const auth = { username, password, serveraddress: registry };
  // The letters of base64url, but padded: Docker takes another for nothing, and asks the registry without a word.
  return Buffer.from(JSON.stringify(auth)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
