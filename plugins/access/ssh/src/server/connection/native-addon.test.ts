import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { skip } from '@stele/sdk/testing';
import { hasNativeAddon } from './native-addon.ts';

/** Leaves ciphers behind, and time in which nothing runs and they may be collected. */
const leaveBehind = `
const { AESGCMCipher } = require(process.argv[1]);
let left = 20;
(function leave() {
  for (let count = 0; count < 400; count++) new AESGCMCipher('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12));
  if (--left > 0) setTimeout(leave, 10);
})();`;

describe('the native addon of ssh2', () => {
  it('lets its ciphers be collected while nothing runs, which some versions of Node.js end at', async function () {
    if (!hasNativeAddon()) return skip(this, 'ssh2’s native addon is missing');
    const addon = createRequire(import.meta.url).resolve('ssh2/lib/protocol/crypto/build/Release/sshcrypto.node');
    const { stderr } = await promisify(execFile)(process.execPath, ['--eval', leaveBehind, addon]);
    assert.equal(stderr, '');
  });
});
