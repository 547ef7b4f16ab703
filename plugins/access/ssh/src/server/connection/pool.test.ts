import assert from 'node:assert/strict';
import type { Hop } from '../route.ts';
import { Pool } from './pool.ts';

describe('a pool of SSH connections', () => {
  it('says that it is used the first time alone, and not before', () => {
    let count = 0;
    const times = { connectTimeout: 1000, idleTimeout: 1000, keepAlive: 1000 };
    using pool = new Pool({ ...times, connections: 1, onFirst: () => count++ });
    assert.equal(count, 0);
    const hop: Hop = { host: 'login.example.org', port: 22, user: 'ada', pins: [], field: 'accessConf.hostKeys' };
    const keys = { owner: '', keys: [{ privateKey: 'key' }] } as const;
    pool.endpoint([hop], keys);
    pool.apart([hop], keys);
    assert.equal(count, 1);
  });
});
