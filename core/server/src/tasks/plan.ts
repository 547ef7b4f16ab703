import type { Software } from '../model/index.ts';

/** What a container is told of its task. */
export interface Told {
  readonly userName: string;
  readonly hasPassword: boolean;
  /** Folder with the files that were brought for it. */
  readonly stage?: string | undefined;
}

/**
 * The environment of a task's container, without secrets: the software's own, and the contract of base images
 * (`BASE_PORT`, `AUTH_USER`) and of staging (`STAGE_FOLDER`), which wins. `AUTH_PASS` is added where the password is unsealed.
 */
export function environment(
  software: Pick<Software, 'env' | 'flags' | 'port'>,
  { userName, hasPassword, stage }: Told,
): Record<string, string> {
  return {
    ...software.env,
    ...(software.flags.customPort ? { BASE_PORT: String(software.port) } : {}),
    ...(hasPassword ? { AUTH_USER: userName } : {}),
    ...(stage === undefined ? {} : { STAGE_FOLDER: stage }),
  };
}
