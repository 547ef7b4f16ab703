import type { SiteFile } from '../../../core/server/src/site/index.ts';
import { Engine, resources } from '../../e2e/lib/index.ts';

const [machine] = resources.computing;
const [echo] = resources.software;

/** Milliseconds until there is an engine with its image: on a fresh machine that is made first, after those of other tests. */
export const imageLimit = 600_000;

/** Podman with the image of `Echo`. */
export async function openPodman(): Promise<Engine> {
  const engine = await Engine.open('podman', 'web-echo');
  if (typeof engine === 'string') throw new Error(engine);
  return engine;
}

/** The image of `Echo`, told by environment how to behave. */
export const software = (name: string, env: Readonly<Record<string, string>>, image: Partial<typeof echo> = {}) => ({
  ...echo,
  name,
  env,
  ...image,
});

/** Another resource that is this machine, with one engine. A task has two seconds between being asked to end and being ended. */
export const computing = (name: string, engine: string, conf: Readonly<Record<string, unknown>> = {}) => ({
  ...machine,
  name,
  engines: [{ id: engine, runtimes: [] }],
  conf: { grace: 2, ...conf },
});

/** The laptop's resources, and more. */
export function worldOf(more: {
  readonly software?: readonly object[];
  readonly computing?: readonly object[];
  readonly storages?: readonly object[];
}): NonNullable<SiteFile['resources']> {
  return {
    computing: [computing('This machine', 'podman'), ...(more.computing ?? [])] as never,
    storages: [...resources.storages, ...(more.storages ?? [])] as never,
    software: [echo, ...(more.software ?? [])] as never,
  };
}
