import assert from 'node:assert/strict';
import type { Group, SessionItem, Software, Task, UserItem } from '@stele/sdk/api';
import { inTime } from '@stele/sdk/testing';
import { type Answer, ApiClient, eventually, type Problem, skip } from '../e2e/lib/index.ts';
import { Listener } from './lib/listener.ts';
import { withProbe } from './lib/plugins.ts';
import { everybody, out, sees, themselves } from './lib/rules.ts';
import { unknownId } from './lib/samples.ts';
import { kinds, type Objects, owners, pathOf, type Visitor, World } from './lib/world.ts';

describe('the reach', function () {
  this.timeout(60_000);
  let world: World;
  let objects: Objects;
  let task: Task;

  before(async function () {
    this.timeout(600_000);
    const opened = await World.open({ site: withProbe });
    if (typeof opened === 'string') return skip(this, opened);
    world = opened;
    objects = await world.furnish();
    task = await world.echo(world.as.standard);
  });

  after(async () => world?.[Symbol.asyncDispose]());

  const untouched = (what: string, work: () => Promise<void>): Promise<void> => world.untouched(what, work);

  const said = ({ status, body }: Answer<unknown>): string => `${status} ${JSON.stringify(body)?.slice(0, 300)}`;

  describe('of users without a role', () => {
    const refused = async (answer: Promise<Answer<unknown>>, field?: string): Promise<void> => {
      const { status, body } = (await answer) as Answer<Problem>;
      assert(status === 403 || status === 404, `${status} ${JSON.stringify(body)}`);
      if (field !== undefined) assert.equal(body.field, field, JSON.stringify(body));
    };

    it('do not reach to the platform’s own credentials', async () => {
      const { standard, power, manager } = world.as;
      await untouched('somebody', async () => {
        for (const client of [standard, power, manager]) {
          for (const auth of [undefined, 'none', 'platform-keys', 'platform-certificate']) {
            const mode = auth === undefined ? {} : { auth };
            await refused(client.post('/computing', { name: 'x', driver: 'standalone', ...mode }), 'auth');
            await refused(
              client.post('/storages', { name: 'x', backend: 'posix', conf: { base: '/' }, ...mode }),
              'auth',
            );
          }
        }
        const conf = { base: '/etc', bind: '/etc' };
        await refused(standard.patch(`/storages/${objects.storage.user}`, { conf }));
        await refused(manager.patch(`/storages/${objects.storage.group}`, { conf }));
        await refused(standard.patch(`/computing/${objects.computing.user}`, { conf: { grace: 5 } }));
      });
    });

    it('do not reach to storage on a computing that is not theirs, whatever the credentials', async () => {
      const storage = { name: 'x', backend: 'posix', conf: { base: '/' } };
      for (const computing of Object.values(objects.computing))
        for (const auth of ['none', 'user-keys', 'user-token'])
          for (const visitor of ['other', 'member', 'power'] as const) {
            const answer = await world.as[visitor].post<Problem>('/storages', { ...storage, auth, computing });
            assert(answer.status >= 400 && answer.status < 500, said(answer));
          }
    });

    it('do not reach to what others own, by giving or taking', async () => {
      const { standard, other, member, manager } = world.as;
      const soft = { name: 'x', image: 'a/b', port: 80 };
      const to = (kind: string, id?: string): object => ({ owner: { kind, ...(id === undefined ? {} : { id }) } });
      await untouched('somebody', async () => {
        for (const owner of [to('platform'), to('user', world.id('other')), to('group', objects.group)]) {
          await refused(standard.post('/software', { ...soft, ...owner }), 'owner');
          await refused(standard.patch(`/software/${objects.software.user}`, owner), 'owner');
        }
        await refused(member.post('/software', { ...soft, ...to('group', objects.group) }), 'owner');
        await refused(manager.patch(`/software/${objects.software.group}`, to('platform')), 'owner');
        await refused(other.patch(`/software/${objects.software.user}`, to('user', world.id('other'))));
        await refused(other.post(`/software/${objects.software.user}/duplicate`));
        await refused(other.post(`/software/${objects.software.group}/duplicate`));
      });
    });

    it('do not reach to protocols for power users', async () => {
      const soft = { name: 'Raw', image: 'a/b', port: 80, protocol: 'raw' };
      const { standard, power, admin } = world.as;
      await untouched('somebody', async () => {
        await refused(standard.post('/software', soft), 'protocol');
        await refused(standard.patch(`/software/${objects.software.user}`, { protocol: 'raw' }), 'protocol');
      });
      const { id } = await admin.must<Software>('POST', '/software', { ...soft, owner: { kind: 'platform' } });
      const wish = { software: id, computing: objects.computing.platform };
      await untouched('somebody', async () => {
        await refused(standard.post('/tasks', wish), 'software');
        await refused(standard.post('/tasks/preview', wish), 'software');
      });
      assert.equal((await power.post('/tasks/preview', wish)).status, 200);
      const { id: copy } = await standard.must<Software>('POST', `/software/${id}/duplicate`);
      await refused(standard.post('/tasks/preview', { ...wish, software: copy }), 'software');
      for (const one of [id, copy]) await admin.must('DELETE', `/software/${one}`);
    });

    it('do not reach to passwords of their tasks, and power users’ do', async () => {
      const { image, registry, tag } = await world.admin.software('Echo');
      const flags = { customPort: true, interfaceAuth: true };
      const soft = { name: 'Locked', image, registry, tag, port: 8080, flags, owner: { kind: 'platform' } };
      const { id } = await world.admin.must<Software>('POST', '/software', soft);
      const wish = { software: id, computing: objects.computing.platform, password: 'chosen-by-me' };
      for (const path of ['/tasks', '/tasks/preview'])
        await untouched('somebody', () => refused(world.as.standard.post(path, wish), 'password'));
      const preview = await world.as.power.post<{ text: string }>('/tasks/preview', wish);
      assert.equal(preview.status, 200);
      assert(!preview.body.text.includes('chosen-by-me'), preview.body.text);
      await world.admin.must('DELETE', `/software/${id}`);
    });

    it('do not reach to roles, neither their own nor others’', async () => {
      const { standard, power } = world.as;
      await untouched('somebody', async () => {
        for (const client of [standard, power]) {
          for (const key of ['role', 'isDisabled', 'email', 'username', 'id', 'provider', 'disabledAt', 'createdAt']) {
            const answer = await client.patch<Problem>('/me', { name: 'standard', [key]: 'admin' });
            assert.deepEqual([answer.status, answer.body.field], [400, key], said(answer));
          }
          await refused(client.patch(`/users/${world.id('standard')}`, { role: 'admin' }));
          await refused(client.post('/users', { email: 'x@example.org', name: 'x', role: 'admin' }));
          await refused(client.post(`/users/${world.id('other')}/link`));
        }
      });
    });

    it('do not reach to columns that the API does not speak of', async () => {
      const { standard, admin } = world.as;
      await untouched('somebody', async () => {
        for (const key of ['id', 'ownerKind', 'ownerUser', 'ownerGroup', 'declaredAs', 'createdAt', 'healthState']) {
          for (const kind of kinds) {
            for (const client of [standard, admin]) {
              const answer = await client.patch<Problem>(`${pathOf[kind]}/${objects[kind].user}`, {
                [key]: 'platform',
              });
              assert.deepEqual([answer.status, answer.body.field], [400, key], `${kind}.${key}: ${said(answer)}`);
            }
          }
        }
      });
    });

    it('reach to their group as far as they are in it', async () => {
      const { other, member, manager, admin } = world.as;
      const members = `/groups/${objects.group}/members`;
      const seen = async (client: ApiClient): Promise<string[]> =>
        (await client.items<Group>('/groups')).map(({ id }) => id);
      assert.deepEqual(await seen(other), []);
      assert.deepEqual(await seen(member), [objects.group]);
      await untouched('somebody', async () => {
        await refused(other.call('PUT', `${members}/${world.id('other')}`, { role: 'manager' }));
        await refused(member.call('PUT', `${members}/${world.id('member')}`, { role: 'manager' }));
        await refused(member.delete(`${members}/${world.id('manager')}`));
        await refused(manager.call('PUT', `/groups/${unknownId}/members/${world.id('manager')}`, { role: 'manager' }));
      });
      assert.equal((await manager.call('PUT', `${members}/${world.id('other')}`, { role: 'member' })).status, 200);
      assert.deepEqual(await seen(other), [objects.group]);
      assert.equal((await other.delete(`${members}/${world.id('other')}`)).status, 204);
      assert.equal((await admin.get<{ items: Group[] }>('/groups')).body.items[0]?.members.length, 2);
    });
  });

  describe('to accounts', () => {
    it('show and end one’s own sessions and tokens alone', async () => {
      const { standard, other, admin } = world.as;
      const [session] = await standard.items<SessionItem>('/sessions');
      const [token] = await standard.items<{ id: string }>('/tokens');
      await untouched('somebody', async () => {
        for (const client of [other, admin]) {
          assert.equal((await client.delete(`/sessions/${session?.id}`)).status, 404);
          assert.equal((await client.delete(`/tokens/${token?.id}`)).status, 404);
        }
      });
      const names = (await other.items<{ id: string }>('/tokens')).map(({ id }) => id);
      assert.deepEqual(names, []);
    });

    it('do not grow out of a token: it makes neither tokens nor a password, and so no session', async () => {
      await untouched('a token', async () => {
        const { writeToken } = world.as;
        assert.equal((await writeToken.post('/tokens', { name: 'x', scope: 'write' })).status, 403);
        const change = await writeToken.call('PUT', '/me/password', { password: 'taken over by a token' });
        assert.equal(change.status, 403, said(change));
        assert.equal(change.headers.getSetCookie().length, 0);
      });
      const { secret } = await world.admin.must<{ secret: string }>('POST', '/tokens', { name: 'x', scope: 'write' });
      const program = ApiClient.byToken(world.url, secret);
      const person = { email: 'made-by-token@example.org', name: 'x', password: 'taken over by a token' };
      await untouched('an administrator’s token', async () => {
        for (const user of [world.id('power'), world.id('other')]) {
          assert.equal((await program.post(`/users/${user}/link`)).status, 403);
          assert.equal((await program.delete(`/users/${user}/password`)).status, 403);
        }
        assert.equal((await program.post('/users', person)).status, 403);
      });
    });

    it('end at once with the account: session, token, and the way in', async () => {
      const { admin } = world;
      const user = await admin.must<UserItem>('POST', '/users', { email: 'leaver@example.org', name: 'Leaver' });
      const link = await admin.must<{ url: string }>('POST', `/users/${user.id}/link`);
      const client = await ApiClient.logIn(world.url, link.url);
      const { secret } = await client.must<{ secret: string }>('POST', '/tokens', { name: 'x' });
      const unused = await admin.must<{ url: string }>('POST', `/users/${user.id}/link`);
      await admin.must('PATCH', `/users/${user.id}`, { isDisabled: true });
      assert.equal((await client.get('/me')).status, 401);
      assert.equal((await ApiClient.byToken(world.url, secret).get('/me')).status, 401);
      const proof = { link: new URLSearchParams(new URL(unused.url).hash.slice(1)).get('link') };
      assert.equal((await ApiClient.stranger(world.url).post('/session', proof)).status, 403);
    });
  });

  describe('to a task', () => {
    it('are its owner’s; administrators look after it, but do not enter', async () => {
      const { other, member, power, admin, readToken, nobody } = world.as;
      for (const client of [other, member, power]) {
        for (const path of ['', '/logs']) assert.equal((await client.get(`/tasks/${task.id}${path}`)).status, 404);
        for (const verb of ['stop', 'connect'])
          assert.equal((await client.post(`/tasks/${task.id}/${verb}`)).status, 404);
        assert.equal((await client.delete(`/tasks/${task.id}`)).status, 404);
        assert.deepEqual(await client.items('/tasks'), []);
      }
      assert.equal((await admin.get(`/tasks/${task.id}`)).status, 200);
      assert.equal((await admin.post(`/tasks/${task.id}/connect`)).status, 403);
      assert.equal((await readToken.get(`/tasks/${task.id}`)).status, 200);
      assert.equal((await readToken.post(`/tasks/${task.id}/connect`)).status, 403);
      assert.equal((await nobody.get(`/tasks/${task.id}`)).status, 401);
    });

    it('end with the session, however long somebody follows its log', async () => {
      const leaver = await world.logIn('standard');
      const log = await leaver.fetch(`/tasks/${task.id}/logs?follow=1`);
      assert.equal(log.status, 200);
      await leaver.must('DELETE', '/session');
      await assert.rejects(log.text(), 'cut off, rather than ended as if it were whole');
    });

    it('are not had by its key', async () => {
      const wish = { software: objects.software.platform, computing: objects.computing.platform, key: task.key };
      await untouched('somebody', async () => {
        const answer = await world.as.other.post<Problem>('/tasks', wish);
        assert.deepEqual([answer.status, answer.body.field], [409, 'key'], said(answer));
      });
    });

    it('do not come with others’ software or computing', async () => {
      const { other } = world.as;
      await untouched('somebody', async () => {
        for (const owner of ['user', 'group'] as const) {
          const [software, computing] = [objects.software, objects.computing];
          for (const path of ['/tasks', '/tasks/preview']) {
            const first = await other.post<Problem>(path, { software: software[owner], computing: computing.platform });
            assert.deepEqual([first.status, first.body.field], [404, 'software'], said(first));
            const second = await other.post<Problem>(path, {
              software: software.platform,
              computing: computing[owner],
            });
            assert.deepEqual([second.status, second.body.field], [404, 'computing'], said(second));
          }
        }
      });
    });

    it('mount what its owner may use, and nothing of others', async () => {
      const { admin } = world;
      const conf = { base: `${world.stage.platform.yard.data}/private`, createBase: true };
      const computing = objects.computing.platform;
      const owned = { kind: 'user', id: world.id('standard') };
      const { id } = await admin.must<{ id: string }>('POST', '/storages', {
        name: 'Private',
        backend: 'posix',
        conf,
        computing,
        owner: owned,
      });
      const wish = { software: objects.software.platform, computing };
      const mounts = async (client: ApiClient): Promise<string> =>
        (await client.must<{ text: string }>('POST', '/tasks/preview', wish)).text;
      assert.match(await mounts(world.as.standard), /\/private/);
      for (const client of [world.as.other, admin]) assert.doesNotMatch(await mounts(client), /\/private/);
      await admin.must('DELETE', `/storages/${id}`);
    });
  });

  describe('to events', () => {
    it('are those to their objects: nobody hears of others’', async () => {
      const named = async (visitor: Visitor): Promise<[Visitor, Listener]> => [
        visitor,
        await Listener.open(world.as[visitor]),
      ];
      const listeners = new Map(await Promise.all(everybody.map(named)));
      const { admin, standard } = world.as;
      for (const owner of owners)
        await admin.must('PATCH', `/software/${objects.software[owner]}`, { name: `heard ${owner}` });
      const { id } = await standard.launch('Echo');
      await standard.ended((await standard.stop(id)).id);
      await standard.must('DELETE', `/tasks/${id}`);
      await admin.must('POST', '/plugins/probe/disable');
      await admin.must('POST', '/plugins/probe/enable');
      await admin.must('PATCH', `/software/${objects.software.platform}`, { name: 'the last' });
      for (const [visitor, listener] of listeners) {
        const isLast = ({ data }: { data: string }): boolean => data.includes(objects.software.platform);
        await listener.until((events) => events.filter(isLast).length >= 2, `${visitor} hears the last`);
        const text = listener.events.map(({ name, data }) => `${name} ${data}`).join('\n');
        for (const owner of owners)
          assert.equal(
            text.includes(objects.software[owner]),
            sees[owner].includes(visitor),
            `${visitor}, ${owner}: ${text}`,
          );
        assert.equal(text.includes(id), themselves.includes(visitor), `${visitor}: ${text}`);
        assert.equal(/^plugin /m.test(text), visitor === 'admin', `${visitor}: ${text}`);
        listener[Symbol.dispose]();
      }
      for (const visitor of out) assert.equal((await world.as[visitor].fetch('/events')).status, 401);
    });

    it('are heard at 32 places of one user, and the next is told so', async () => {
      const { power, other } = world.as;
      const listeners = await Promise.all(Array.from({ length: 32 }, () => Listener.open(power)));
      const refused = await power.get<Problem>('/events');
      assert.deepEqual([refused.status, refused.body.code], [429, 'RATE_LIMIT'], said(refused));
      (await Listener.open(other))[Symbol.dispose]();
      listeners.pop()?.[Symbol.dispose]();
      await eventually('there is room again', async () => {
        const answer = await power.fetch('/events', { signal: inTime(10_000) });
        await answer.body?.cancel();
        return answer.status === 200;
      });
      for (const listener of listeners) listener[Symbol.dispose]();
    });

    it('are not had again by naming an old one', async () => {
      const { other } = world.as;
      const listener = await Listener.open(other, { 'Last-Event-ID': '1' });
      await listener.until((events) => events.some(({ name }) => name === 'resync'), 'it begins anew');
      assert.doesNotMatch(listener.text, new RegExp(objects.software.user));
      listener[Symbol.dispose]();
      const last = listener.lastId;
      await world.admin.must('PATCH', `/software/${objects.software.user}`, { name: 'not for others' });
      await world.admin.must('PATCH', `/software/${objects.software.platform}`, { name: 'for all' });
      const again = await Listener.open(other, { 'Last-Event-ID': last });
      await again.until(
        (events) => events.some(({ data }) => data.includes(objects.software.platform)),
        'what was missed',
      );
      assert.doesNotMatch(again.text, new RegExp(objects.software.user));
      again[Symbol.dispose]();
    });

    it('end with what they were asked by', async () => {
      const { admin } = world;
      const client = await world.logIn('other');
      const { secret, token } = await client.must<{ secret: string; token: { id: string } }>('POST', '/tokens', {
        name: 'x',
      });
      const byToken = await Listener.open(ApiClient.byToken(world.url, secret));
      await client.must('DELETE', `/tokens/${token.id}`);
      await byToken.ended('the stream of a revoked token');
      const bySession = await Listener.open(client);
      await client.must('DELETE', '/session');
      await bySession.ended('the stream of a session that was logged out');
      const left = await Listener.open(world.as.member);
      await admin.must('DELETE', `/groups/${objects.group}/members/${world.id('member')}`);
      await admin.must('PATCH', `/software/${objects.software.group}`, { name: 'among us' });
      await admin.must('PATCH', `/software/${objects.software.platform}`, { name: 'for all again' });
      await left.until((events) => events.some(({ data }) => data.includes(objects.software.platform)), 'the last');
      assert.doesNotMatch(left.text, new RegExp(objects.software.group));
      left[Symbol.dispose]();
      await admin.must('PUT', `/groups/${objects.group}/members/${world.id('member')}`, { role: 'member' });
    });
  });

  describe('to plugins', () => {
    it('stay the administrators’, also for one that has routes of its own', async () => {
      const state = async (verb: string): Promise<unknown> =>
        (await world.admin.must<{ state: string }>('POST', `/plugins/probe/${verb}`)).state;
      assert.equal(await state('disable'), 'disabled');
      assert.equal((await world.admin.get('/plugins/probe/x')).status, 404);
      assert.equal(await state('enable'), 'active');
      for (const verb of ['enable', 'disable'])
        assert.equal((await world.as.power.post(`/plugins/probe/${verb}`)).status, 403);
    });
  });

  describe('and the platform', () => {
    it('ends with nothing left', () => world.end(world.as.standard));
  });
});
