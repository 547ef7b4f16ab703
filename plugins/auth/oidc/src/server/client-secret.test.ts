import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSecret } from './client-secret.ts';

describe('the client secret', () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'stele-secret-'))));
  after(() => rm(folder, { recursive: true }));

  it('is in a file, looked up each time', async () => {
    const clientSecretFile = join(folder, 'secret');
    for (const secret of ['first', 'second']) {
      await writeFile(clientSecretFile, `${secret}\n`);
      assert.deepEqual(await findSecret({ clientSecretFile }), { secret });
    }
  });

  it('is in a variable', async () => {
    const where = { clientSecretVariable: 'STELE_X' };
    assert.deepEqual(await findSecret(where, { STELE_X: ' s ' }), { secret: 's' });
    for (const environment of [{}, { STELE_X: '' }, { STELE_X: ' ' }]) {
      assert.deepEqual(await findSecret(where, environment), {
        problem: 'the environment variable STELE_X is not set',
      });
    }
  });

  it('is nowhere for a public client', async () => assert.deepEqual(await findSecret({}), {}));

  it('is missed where the settings say that there is one', async () => {
    await writeFile(join(folder, 'empty'), '\n');
    for (const name of ['none', 'empty']) {
      const found = await findSecret({ clientSecretFile: join(folder, name) });
      assert.match('problem' in found ? found.problem : '', new RegExp(`${name}`));
    }
  });
});
