import type { Manifests } from './pod/manifest.ts';
import { fieldsOf } from './pod/seen.ts';

/** What a launch would make, for people. Names of secret values are shown, the values are not. Pure. */
export function previewText({ secret, pullSecret, policy, pod }: Manifests, write: (value: unknown) => string): string {
  const parts = [secret, ...(pullSecret === undefined ? [] : [pullSecret])].map(masked);
  return [...parts, policy, pod].map(write).join('---\n');
}

function masked(secret: object): object {
  const values = fieldsOf(fieldsOf(secret)['stringData']);
  return { ...secret, stringData: Object.fromEntries(Object.keys(values).map((name) => [name, '…'])) };
}
