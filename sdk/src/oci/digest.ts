import type { ImageRef } from '../resources.ts';

/**
 * The digest by which a registry knows an image, out of what `image inspect --format '{{json .RepoDigests}}'` printed.
 * None for an image that was built or loaded on the host: no registry knows it. Pure.
 */
export function registryDigest(image: ImageRef, printed: string): string | undefined {
  const all = [...printed.matchAll(/"([^"@]+)@(sha256:[a-f0-9]{64})"/g)];
  // The same content may have come from several registries, each with a digest of its own.
  const same = all.find(([, name]) => names(image).includes(name ?? ''));
  return (same ?? all[0])?.[2];
}

/** Docker leaves out what its own registry implies. */
function names({ registry, repository }: ImageRef): readonly string[] {
  const full = `${registry}/${repository}`;
  return registry === 'docker.io' ? [full, repository, repository.replace(/^library\//, '')] : [full];
}
