import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Engine, type ImageName } from '../../e2e/lib/engine.ts';
import { environment, root } from '../../e2e/lib/environment.ts';
import type { Site } from './site.ts';

const run = promisify(execFile);

/** A registry on the platform's host that a site's nodes reach. */
export interface SiteRegistry extends AsyncDisposable {
  /** `host:port`; it speaks plain HTTP. */
  readonly address: string;
}

/** Brings up a registry for a site, with these images in it below `stele/`. */
export async function openRegistry(site: Site, ...images: ImageName[]): Promise<SiteRegistry> {
  const bed = join(root, 'test/beds/registry');
  const env = { ...environment, REGISTRY_ADDRESS: site.platform };
  await run(bed, ['up'], { env });
  const { stdout } = await run(bed, ['env'], { env });
  const address = /^export STELE_REGISTRY=(.*)$/m.exec(stdout)?.[1] ?? '';
  // The machine's own, which only stores and sends here: the bed's may go down with other tests.
  const podman = await Engine.open('podman', ...images);
  if (typeof podman === 'string') throw new Error(podman);
  for (const image of images) {
    // Made and read in a third of the time that gzip takes.
    const options = ['--tls-verify=false', '--compression-format', 'zstd'];
    await podman.run('push', ...options, `localhost/stele/${image}:1`, `${address}/stele/${image}:1`);
  }
  return { address, [Symbol.asyncDispose]: async () => void (await run(bed, ['down'], { env })) };
}
