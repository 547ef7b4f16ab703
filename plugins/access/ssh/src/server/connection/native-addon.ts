import { createRequire } from 'node:module';

/** Whether ssh2 encrypts by its native addon. It falls back to JavaScript without a word when that wasn't built for this Node.js. */
export function hasNativeAddon(): boolean {
  try {
    createRequire(import.meta.url)('ssh2/lib/protocol/crypto/build/Release/sshcrypto.node');
    return true;
  } catch (error) {
    return !(error instanceof Error);
  }
}
