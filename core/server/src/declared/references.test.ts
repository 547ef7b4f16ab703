import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCode, type JsonObject } from '@stele/sdk';
import { referenceReader, takeReferences } from './references.ts';

describe('values that the site file leaves to files and the environment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stele-references-'));
  after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'key.pem'), 'one\ntwo\n');
  const read = referenceReader(folder, { TOKEN: 't' });

  it('are read and kept apart, wherever they stand', async () => {
    const settings = { a: 1, token: { env: 'TOKEN' }, tls: { ca: 'c', key: { file: 'key.pem' } } };
    assert.deepEqual(await takeReferences(settings, read), {
      open: { a: 1, tls: { ca: 'c' } },
      secret: { token: 't', tls: { key: 'one\ntwo' } },
    });
  });

  it('are told from objects that look alike', async () => {
    const settings = { a: { file: 'x', mode: 1 }, b: { env: { A: '1' } }, c: {}, d: ['x'] };
    assert.deepEqual(await takeReferences(settings, read), { open: settings, secret: {} });
  });

  for (const reference of [{ env: 'OTHER' }, { file: 'none' }] as JsonObject[]) {
    it(`are missed: ${JSON.stringify(reference)}`, () =>
      assert.rejects(takeReferences({ a: reference }, read), (error) => hasCode(error, 'NOT_FOUND')));
  }
});
