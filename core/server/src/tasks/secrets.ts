import type { SecretBox } from '../model/index.ts';

/** Secret environment of a task, by name. */
export type TaskSecrets = Readonly<Record<string, string>>;

export function sealSecrets(box: SecretBox, key: string, secrets: TaskSecrets): string {
  return box.seal(JSON.stringify(secrets), `task:${key}`);
}

export function openSecrets(box: SecretBox, key: string, sealed: string): TaskSecrets {
  return JSON.parse(box.open(sealed, `task:${key}`)) as TaskSecrets;
}
