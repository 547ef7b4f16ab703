/** A fresh task key, `[a-z0-9]{16}`: sent twice with the same key, a launch makes one task. */
export function randomKey(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz012345';
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => letters[byte % letters.length]).join('');
}
