import type { ContainerEngine, ContainerOperator, Host, ImageFound, Launch } from '@stele/sdk';
import { hasCode } from '@stele/sdk';

/** Who fetches what, and for whom. */
interface Fetching {
  readonly launch: Pick<Launch, 'image' | 'architecture' | 'credentials'>;
  readonly host: Host;
  readonly engine: ContainerEngine;
  readonly progress: (reason: string) => void;
  readonly signal: AbortSignal;
}

/**
 * The image as it is run, where it is there. An engine that finds it by its digest as well runs it by that: a node with a store of its
 * own might find another one under the same tag.
 */
export function findImage(fetching: Fetching): Promise<ImageFound | undefined> {
  return unlessOnNodes(fetching, async (operator) => {
    if (operator.lookUp) return operator.lookUp(fetching.launch.image, fetching.signal);
    const isThere = await operator.hasImage(fetching.launch.image, fetching.signal);
    return isThere ? exactly(fetching, operator) : undefined;
  });
}

/** Fetches the image beforehand, where the engine answers on the login node: a node that waits for it is paid for. */
export async function fetchImage(fetching: Fetching): Promise<ImageFound> {
  const fetch = async (operator: ContainerOperator) => {
    await pull(fetching, operator);
    return exactly(fetching, operator);
  };
  return (await findImage(fetching)) ?? (await unlessOnNodes(fetching, fetch));
}

/** The nodes may have the engine where the login node hasn't. */
async function unlessOnNodes<T>(
  { launch: { image }, host, engine }: Fetching,
  work: (operator: ContainerOperator) => Promise<T>,
): Promise<T | ImageFound> {
  try {
    return await work(engine.operator(host));
  } catch (error) {
    if (hasCode(error, 'UNSUPPORTED')) return image.digest === undefined ? { image } : { image, digest: image.digest };
    throw error;
  }
}

async function exactly({ launch: { image }, signal }: Fetching, operator: ContainerOperator): Promise<ImageFound> {
  const digest = image.digest ?? (await operator.digest?.(image, signal));
  if (digest === undefined) return { image };
  const exact = { ...image, digest };
  return { image: (await operator.hasImage(exact, signal)) ? exact : image, digest };
}

async function pull({ launch, progress, signal }: Fetching, operator: ContainerOperator): Promise<void> {
  progress('Fetching the image.');
  const { architecture, credentials } = launch;
  const access = { ...(architecture ? { architecture } : {}), ...(credentials ? { credentials } : {}) };
  await operator.pull(launch.image, { ...access, onProgress: progress }, signal);
}
