import assert from 'node:assert/strict';
import { SubdomainOrigins, originText } from './origins.ts';

const key = 'a1b2c3d4e5f6a7b8';
const laptop = new SubdomainOrigins({ kind: 'subdomain', domain: 'tasks.localhost', scheme: 'http', port: () => 8000 });
const site = new SubdomainOrigins({ kind: 'subdomain', domain: 'Tasks.example.org', scheme: 'https', port: () => 443 });

describe('sub-domain origins', () => {
  it('are written as browsers write them', () => {
    assert.equal(originText(laptop.of(key)), `http://${key}.tasks.localhost:8000`);
    assert.equal(originText(site.of(key)), `https://${key}.tasks.example.org`);
  });

  for (const [host, isOwned, matches] of [
    [`${key}.tasks.localhost:8000`, true, true],
    [`${key}.tasks.localhost`, true, false],
    [`${key}.tasks.localhost:80`, true, false],
    [`${key}.tasks.localhost.:8000`, true, false],
    [`${key.toUpperCase()}.tasks.localhost:8000`, true, false],
    [`${key}.TASKS.localhost:8000`, true, false],
    [`x.${key}.tasks.localhost:8000`, true, false],
    [`${key}x.tasks.localhost:8000`, true, false],
    ['tasks.localhost:8000', true, false],
    ['tasks.localhost:', true, false],
    [`${key}.othertasks.localhost:8000`, false, false],
    [`${key}tasks.localhost:8000`, false, false],
    [`${key}.tasks.localhost.evil.example`, false, false],
    ['localhost:8000', false, false],
    ['', false, false],
  ] as const) {
    it(`${host}: ${isOwned ? 'ours' : 'not ours'}, ${matches ? 'a task' : 'no task'}`, () => {
      assert.equal(laptop.owns(host), isOwned);
      assert.equal(laptop.match(host)?.key, matches ? key : undefined);
    });
  }

  it('have no port where it is the scheme’s own', () => {
    assert.equal(site.match(`${key}.tasks.example.org`)?.key, key);
    assert.equal(site.match(`${key}.tasks.example.org:443`), undefined);
  });
});
