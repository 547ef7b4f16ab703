import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { testCall } from '@stele/sdk/testing';
import { account, noSshd, Sshd } from './sshd.ts';
import { accessTo, ownFolder, targetOf } from './world.ts';

const reason = await noSshd();
const never = new AbortController().signal;
const past = 1_700_000_000;
const count = 1_500;

describe('a large folder by SSH', function () {
  this.timeout(60_000);
  if (reason !== undefined) {
    it.skip(reason, () => undefined);
    return;
  }

  it('is read once for all its pages, whoever asks, until we change it', async () => {
    await using sshd = await Sshd.start();
    await using host = await (await accessTo(sshd)).open(await targetOf(sshd), testCall({ signal: never }));
    const folder = await ownFolder('stele-large-');
    try {
      for (let index = 0; index < count; index += 1) writeFileSync(join(folder, `f${index}`), '');
      execFileSync('chown', ['-R', account, folder]);
      const rewind = () => utimes(folder, past, past);
      const tree = () => host.files(folder);
      await rewind();
      const first = await tree().list('', { limit: 1_000 }, never);
      assert.equal(first.total, count);
      const rest = () => tree().list('', { limit: 1_000, cursor: first.next! }, never);

      rmSync(join(folder, 'f1499'));
      await rewind();
      assert.equal((await rest()).total, count, 'nothing shows that somebody else has changed it');
      await tree().remove('f1498', never);
      await rewind();
      const { total, items } = await rest();
      assert.equal(total, count - 2);
      assert.equal(items.at(-1)?.name, 'f1497');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
