import assert from 'node:assert/strict';
import { checkAddress, sharedParent } from './address.ts';

type Address = Parameters<typeof checkAddress>[0];
const url = 'https://stele.example.org';
const trustedProxies = ['127.0.0.1'];
const domain = { domain: 'stele-tasks.example' };
const good: Address = { url, trustedProxies, tasks: domain };
const ports = { mode: 'port', host: 'tasks.example.net' } as const;

describe('checkAddress', () => {
  const fine: readonly [string, Address][] = [
    ['the site of a laptop', {}],
    ['a site with domains of its own', good],
    ['port mode', { ...good, tasks: ports }],
    ['port mode on a laptop', { tasks: { mode: 'port' } }],
    ['a tasks’ domain that shares a top-level domain only', { ...good, tasks: { domain: 'stele-tasks.org' } }],
    ['networks of proxies', { ...good, trustedProxies: ['10.0.0.0/8', 'fd00::/8', '::1'] }],
  ];
  for (const [what, address] of fine) {
    it(`is content with ${what}`, () => {
      assert.deepEqual(
        checkAddress(address).filter(({ state }) => state !== 'fine'),
        [],
      );
    });
  }

  const bad: readonly [string, 'weak' | 'broken', Address, RegExp][] = [
    ['a public address without TLS', 'weak', { ...good, url: 'http://stele.example.org' }, /not encrypted/],
    ['an open listener that answers to localhost', 'weak', { listen: '0.0.0.0' }, /answers to localhost:8000 alone/],
    ['a proxy that is not believed', 'weak', { url, tasks: domain }, /log-in limits/],
    ['a proxy that is no address', 'broken', { ...good, trustedProxies: ['proxy.example.org'] }, /no address/],
    ['a network that is too wide', 'broken', { ...good, trustedProxies: ['10.0.0.0/33'] }, /10\.0\.0\.0\/33/],
    ['tasks on the platform’s host', 'broken', { ...good, tasks: { domain: 'Stele.example.org' } }, /own host/],
    [
      'tasks below the platform’s host',
      'weak',
      { ...good, tasks: { domain: 'tasks.stele.example.org' } },
      /set cookies/,
    ],
    [
      'tasks beside the platform’s host',
      'weak',
      { ...good, tasks: { domain: 'tasks.example.org' } },
      /within example\.org/,
    ],
    ['tasks that nobody reaches', 'broken', { url, trustedProxies }, /its own machine/],
    ['port mode that nobody reaches', 'broken', { ...good, tasks: { mode: 'port' } }, /its own machine/],
    [
      'port mode on the platform’s host',
      'broken',
      { ...good, tasks: { ...ports, host: 'stele.example.org' } },
      /own host/,
    ],
    ['a range that ends before it begins', 'broken', { ...good, tasks: { ...ports, ports: '9000-8000' } }, /no range/],
    ['a range beyond the last port', 'broken', { ...good, tasks: { ...ports, ports: '60000-70000' } }, /no range/],
    [
      'a range with the platform’s port in it',
      'broken',
      { ...good, tasks: { ...ports, ports: '7990-8100' } },
      /port 8000/,
    ],
    ['a range of a few ports', 'weak', { ...good, tasks: { ...ports, ports: '8600-8604' } }, /only 5 tasks/],
  ];
  for (const [what, state, address, words] of bad) {
    it(`finds ${what}`, () => {
      const found = checkAddress(address).filter((finding) => finding.state !== 'fine');
      assert.deepEqual(
        found.map((finding) => finding.state),
        [state],
      );
      assert.match(found[0]!.says, words);
      assert.ok(found[0]!.advice);
    });
  }
});

describe('sharedParent', () => {
  const table: readonly [string, string, string | undefined][] = [
    ['a.example.org', 'b.example.org', 'example.org'],
    ['example.org', 'a.example.org', 'example.org'],
    ['a.b.example.org', 'c.b.example.org', 'b.example.org'],
    ['a.org', 'b.org', undefined],
    ['xexample.org', 'example.org', undefined],
    ['localhost', 'tasks.localhost', undefined],
  ];
  for (const [one, other, parent] of table) {
    it(`of ${one} and ${other}`, () => {
      assert.equal(sharedParent(one, other), parent);
      assert.equal(sharedParent(other, one), parent);
    });
  }
});
