import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { defaultData } from '../place.ts';
import { asJson, asText } from './announce.ts';

const serving = { url: 'http://localhost:1', login: 'http://localhost:1/login#link=x', dataDir: resolve(defaultData) };

describe('what is said when it serves', () => {
  it('is one line for programs', () => {
    assert.equal(asJson(serving), '{"url":"http://localhost:1","login":"http://localhost:1/login#link=x"}');
  });

  it('holds everything that a person needs', () => {
    const text = asText(serving);
    for (const word of [serving.url, serving.login, serving.dataDir, 'Ctrl-C', './stele log-in-link\n']) {
      assert.ok(text.includes(word), word);
    }
  });

  it('names the data folder in the command where that isn’t the usual one', () => {
    assert.ok(asText({ ...serving, dataDir: '/x' }).includes('./stele log-in-link --data /x\n'));
  });
});
