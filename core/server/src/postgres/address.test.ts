import assert from 'node:assert/strict';
import { parseAddress } from './address.ts';

describe('postgres: database URLs', () => {
  const table: readonly [string, object][] = [
    ['postgres://db/stele', { host: 'db', port: 5432, database: 'stele' }],
    ['postgresql://u:p%40s@db:6543/stele', { host: 'db', port: 6543, user: 'u', password: 'p@s', database: 'stele' }],
    ['postgres:///stele?host=/run/pg&user=u', { host: '/run/pg', port: 5432, user: 'u', database: 'stele' }],
    ['postgres://[::1]/stele', { host: '::1', port: 5432, database: 'stele' }],
    ['postgres://u@db/stele?sslmode=disable', { host: 'db', port: 5432, user: 'u', database: 'stele', ssl: false }],
  ];
  for (const [url, expected] of table) it(`reads ${url}`, () => assert.deepEqual(parseAddress(url), expected));

  it('checks the server’s certificate when the URL says so', () => {
    const { ssl } = parseAddress('postgres://u@db/stele?sslmode=verify-full');
    assert.ok(typeof ssl === 'object' && ssl.rejectUnauthorized !== false);
  });
});
