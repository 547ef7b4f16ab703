import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { ApiTokenCreated } from '@stele/sdk/api';
import { ApiClient, eventually, skip } from '../e2e/lib/index.ts';
import { World } from './lib/world.ts';

describe('files on their way', function () {
  this.timeout(60_000);
  let world: World;
  /** The user's storage, by the API and on the host. */
  let at: string;
  let home: string;

  before(async function () {
    this.timeout(600_000);
    const opened = await World.open();
    if (typeof opened === 'string') return skip(this, opened);
    world = opened;
    at = `/storages/${(await world.as.standard.storage('My files')).id}`;
    home = join(world.stage.platform.yard.data, 'files/standard');
    await world.as.standard.fetch(`${at}/content?path=mine.txt`, { method: 'PUT', body: 'mine' });
  });

  after(async () => world?.[Symbol.asyncDispose]());

  const isClean = async (): Promise<boolean> => String(await readdir(home)) === 'mine.txt';

  /** Somebody who is logged in anew, and a program of theirs. */
  const visitors = async () => {
    const person = await world.logIn('standard');
    const made = await person.must<ApiTokenCreated>('POST', '/tokens', { name: 'x', scope: 'write' });
    return [
      [
        'a token that is revoked',
        ApiClient.byToken(world.url, made.secret),
        () => person.must('DELETE', `/tokens/${made.token.id}`),
      ],
      ['a session that is logged out', person, () => person.must('DELETE', '/session')],
    ] as const;
  };

  /** Sends the beginning of a file that is to replace another. */
  const begin = async (who: ApiClient) => {
    const path = `/api/v1${at}/content?path=mine.txt&overwrite=true`;
    const headers = Object.entries({ ...who.headers, 'Content-Length': '1000000' }).map((pair) => pair.join(': '));
    const socket = connect(world.port, '127.0.0.1');
    socket.write(
      [`PUT ${path} HTTP/1.1`, `Host: localhost:${world.port}`, ...headers, '', 'x'.repeat(100_000)].join('\r\n'),
    );
    await eventually('it is under way', async () => !(await isClean()));
    return socket;
  };

  it('to the platform end with what they were sent by, and leave what was there', async () => {
    for (const [what, who, end] of await visitors()) {
      const socket = await begin(who);
      const [[answer]] = await Promise.all([once(socket, 'data'), end()]);
      assert.match(String(answer), /^HTTP\/1\.1 401 [^]*UNAUTHENTICATED/, what);
      socket.destroy();
      await eventually(`nothing is left of ${what}`, isClean);
      assert.equal(await readFile(join(home, 'mine.txt'), 'utf8'), 'mine');
    }
  });

  it('to the platform end with the account', async () => {
    const person = await world.logIn('standard');
    const socket = await begin(person);
    const change = (isDisabled: boolean) => world.admin.must('PATCH', `/users/${world.id('standard')}`, { isDisabled });
    const [[answer]] = await Promise.all([once(socket, 'data'), change(true)]);
    assert.match(String(answer), /^HTTP\/1\.1 401 /);
    socket.destroy();
    await eventually('nothing is left of it', isClean);
    await change(false);
  });

  it('from the platform are cut, however long somebody reads', async () => {
    await writeFile(join(home, 'large'), '');
    await truncate(join(home, 'large'), 2 ** 28);
    for (const [what, who, end] of await visitors()) {
      const answer = await who.fetch(`${at}/content?path=large`);
      assert.equal(answer.status, 200);
      await end();
      await assert.rejects(answer.bytes(), what);
    }
    await rm(join(home, 'large'));
  });

  describe('and the platform', () => {
    it('ends with nothing left', () => world.end());
  });
});
