/** Docker's own registry, by every address that it has had. */
const dockerHub = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

/**
 * The one name of a registry, by which credentials are found: in small letters, without the port that HTTPS has anyway, and
 * `docker.io` for every address of Docker's own. Two names that lead to other servers stay apart. Pure.
 */
export function registryName(registry: string): string {
  const name = registry.toLowerCase().replace(/:443$/, '');
  return dockerHub.has(name) ? 'docker.io' : name;
}
