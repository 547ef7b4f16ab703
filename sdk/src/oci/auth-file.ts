import { registryName } from '../registry.ts';
import type { RegistryCredentials } from '../resources.ts';

/** The file that Docker (`config.json`), Podman and Apptainer (`--authfile`) read. Pure. */
export function authFileText(registry: string, { username, password }: RegistryCredentials): string {
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  // Docker knows its own registry by the address of its first API, Podman by its name, whatever it was called.
  const isDockers = registryName(registry) === 'docker.io';
  const names = isDockers ? [registry, 'docker.io', 'https://index.docker.io/v1/'] : [registry];
  return JSON.stringify({ auths: Object.fromEntries(names.map((name) => [name, { auth }])) });
}
