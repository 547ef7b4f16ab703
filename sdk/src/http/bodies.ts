import { SteleError } from '../errors.ts';

const mebibyte = 1024 ** 2;

/** Whose answers are read. */
export interface Answering {
  /** As messages name them, e.g. `engine`. */
  readonly whose: string;
  /** MiB of the longest answer that makes sense. */
  readonly longest: number;
}

/** Reads the answers of a server. */
export interface BodyReader {
  /** A whole body as text. PROTOCOL when it never seems to end. */
  textOf(body: AsyncIterable<Uint8Array>): Promise<string>;
  /** Reads JSON. PROTOCOL when it isn't; what was said stays out of the error, since it may hold secrets. */
  jsonOf(text: string): unknown;
}

/** What reads the answers of one kind of server, and says so where they make no sense. */
export function bodyReader({ whose, longest }: Answering): BodyReader {
  return {
    async textOf(body) {
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of body) {
        length += chunk.length;
        if (length > longest * mebibyte) {
          throw new SteleError('PROTOCOL', `The ${whose}’s answer is longer than ${longest} MiB.`);
        }
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString();
    },
    jsonOf(text) {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        const message = `The ${whose}’s answer is not JSON but ${text.length} characters of something else.`;
        throw new SteleError('PROTOCOL', message);
      }
    },
  };
}
