import type { Software } from '../model/index.ts';

/**
 * The environment of a task's container, without secrets: the software's own, and the contract of base images
 * (`BASE_PORT`, `AUTH_USER`), which wins. `AUTH_PASS` is added where the password is unsealed.
 */
export function environment(
  software: Pick<Software, 'env' | 'flags' | 'port'>,
  userName: string,
  hasPassword: boolean,
): Record<string, string> {
  return {
    ...software.env,
    ...(software.flags.customPort ? { BASE_PORT: String(software.port) } : {}),
    ...(hasPassword ? { AUTH_USER: userName } : {}),
  };
}
