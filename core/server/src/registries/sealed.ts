import type { RegistryCredential, SecretBox } from '../model/index.ts';

type Row = Pick<RegistryCredential, 'id' | 'registry'>;

/** A password as the database keeps it. It opens in this row, and for this registry, alone. */
export function sealPassword(box: SecretBox, row: Row, password: string): string {
  return box.seal(password, purpose(row));
}

/** @throws DENIED when the secret key is another one now, or somebody changed the row */
export function openPassword(box: SecretBox, row: Row & Pick<RegistryCredential, 'password'>): string {
  return box.open(row.password, purpose(row));
}

const purpose = ({ id, registry }: Row): string => `registry:${id}:${registry}`;
