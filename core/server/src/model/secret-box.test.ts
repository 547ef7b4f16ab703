import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '@stele/sdk';
import { openSecretBox, secretBox } from './secret-box.ts';
import { temporaryDataDir } from './testing.ts';

const strong = 'q8Jx2mVb7Lr0Zt5Wc9Ng4Hd6Kf1Ps3YaUeIoBvTwMz=';

describe('model: secret box', () => {
  let dataDir: string;
  beforeEach(async () => void (dataDir = await temporaryDataDir()));
  afterEach(() => rm(dataDir, { recursive: true }));

  it('opens what it sealed, whatever it is', () => {
    const box = secretBox(strong);
    for (const plain of ['', 'p', 'ünï\0cødé', randomBytes(9000).toString('latin1')]) {
      const sealed = box.seal(plain, 'credential');
      assert.equal(box.open(sealed, 'credential'), plain);
      assert.notEqual(box.seal(plain, 'credential'), sealed);
    }
  });

  it('refuses another purpose, another key and every changed byte', () => {
    const sealed = secretBox(strong).seal('secret', 'credential');
    const refuses = (work: () => string): void => assert.throws(work, (error) => hasCode(error, 'DENIED'));
    refuses(() => secretBox(strong).open(sealed, 'task'));
    refuses(() => secretBox(`${strong}x`).open(sealed, 'credential'));
    refuses(() => secretBox(strong).open('', 'credential'));
    const bytes = Buffer.from(sealed.slice(3), 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      refuses(() => secretBox(strong).open(`v1:${changed.toString('base64')}`, 'credential'));
    }
  });

  it('makes its key once, for its owner alone', async () => {
    const [one, two] = await Promise.all([openSecretBox(dataDir, {}), openSecretBox(dataDir, {})]);
    assert.equal(two.open(one.seal('x', 'a'), 'a'), 'x');
    assert.equal((await stat(join(dataDir, 'secret.key'))).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(dataDir), ['secret.key']);
    const later = await openSecretBox(dataDir, {});
    assert.equal(later.open(one.seal('x', 'a'), 'a'), 'x');
  });

  it('refuses a key file that others can read', async () => {
    await openSecretBox(dataDir, {});
    await chmod(join(dataDir, 'secret.key'), 0o640);
    await assert.rejects(
      openSecretBox(dataDir, {}),
      (error) => hasCode(error, 'DENIED') && error.field === 'secretKey',
    );
  });

  const weak = [
    '',
    'x1y2z3',
    'a'.repeat(64),
    'changeme'.repeat(8),
    'please-change-me-0123456789abcdef',
    '0'.repeat(32),
  ];
  for (const key of weak) {
    it(`refuses the key “${key.slice(0, 40)}”`, async () => {
      const refused = (error: unknown): boolean => hasCode(error, 'INVALID') && !error.message.includes(key || '\0');
      await assert.rejects(openSecretBox(dataDir, { STELE_SECRET_KEY: key }), refused);
      await writeFile(join(dataDir, 'secret.key'), key, { mode: 0o600 });
      await assert.rejects(openSecretBox(dataDir, {}), refused);
    });
  }
});
