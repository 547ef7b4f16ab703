import type { ContainerEngine, ContainerOperator, Host, ImageRef, Launch } from '@stele/sdk';
import { hasCode } from '@stele/sdk';

/** Who fetches what, and for whom. */
interface Fetching {
  readonly launch: Pick<Launch, 'image' | 'architecture' | 'credentials'>;
  readonly host: Host;
  readonly engine: ContainerEngine;
  readonly progress: (reason: string) => void;
  readonly signal: AbortSignal;
}

/** An image as it is run. */
interface Fetched {
  readonly image: ImageRef;
  /** By which its registry knows it, where that is known. */
  readonly digest?: string;
}

/**
 * Fetches the image beforehand, where the engine answers on the login node: a node that waits for it is paid for. An
 * engine that finds it by its digest as well runs it by that: a node with a store of its own might find another one
 * under the same tag.
 */
export async function fetchImage(fetching: Fetching): Promise<Fetched> {
  const { engine, host, launch, signal } = fetching;
  const { image } = launch;
  const operator = engine.operator(host);
  try {
    if (!(await operator.hasImage(image, signal))) await pull(fetching, operator);
    const digest = image.digest ?? (await operator.digest?.(image, signal));
    if (digest === undefined) return { image };
    const exact = { ...image, digest };
    return { image: (await operator.hasImage(exact, signal)) ? exact : image, digest };
  } catch (error) {
    // The nodes may have the engine all the same.
    if (hasCode(error, 'UNSUPPORTED')) return image.digest === undefined ? { image } : { image, digest: image.digest };
    throw error;
  }
}

async function pull({ launch, progress, signal }: Fetching, operator: ContainerOperator): Promise<void> {
  progress('Fetching the image.');
  const { architecture, credentials } = launch;
  const access = { ...(architecture ? { architecture } : {}), ...(credentials ? { credentials } : {}) };
  await operator.pull(launch.image, { ...access, onProgress: progress }, signal);
}
