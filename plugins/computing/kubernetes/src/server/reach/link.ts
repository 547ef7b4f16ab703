import type { Duplex } from 'node:stream';
import type { Landing } from '../api/landing.ts';
import type { Way } from '../api/way.ts';

/** What is heard over a {@link Link}. */
export interface LinkEvents {
  /** The pod says something. False: no more of it until {@link Link.resume}. */
  data(content: Uint8Array): boolean;
  /** The node says what is wrong. */
  trouble(said: string): void;
  /** The pod has nothing more to say. */
  end(): void;
  /** The way has broken. */
  broke(error: Error): void;
}

/** One connection to a port of a pod, however the API carries it. */
export interface Link {
  /** Resolves when the API carries it; rejects with its refusal. */
  readonly upgraded: Promise<void>;
  /** @param done called when more can be taken */
  write(chunks: readonly Uint8Array[], done: (error?: Error | null) => void): void;
  pause(): void;
  resume(): void;
  /** Says that we have nothing more to say, or, where that can't be said, ends it. */
  end(): void;
  /** Lets go of it, and of its carrier, at once. */
  destroy(): void;
}

/** What a link is opened with. */
export interface Opening {
  readonly way: Way;
  /** A stream to the API, nothing said on it yet. */
  readonly carrier: Duplex;
  /** Where the carrier may show what comes on it. */
  readonly landing: Landing;
  /** Path of the pod's port-forward at the API. */
  readonly path: string;
  readonly port: number;
  /** Secret. */
  readonly proof: Readonly<Record<string, string>>;
}

/** A protocol that carries port-forwards. */
export type OpenLink = (opening: Opening, events: LinkEvents) => Link;
