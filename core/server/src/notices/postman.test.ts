import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '@stele/sdk';
import { eventually } from '@stele/sdk/testing';
import { EventBus } from '../events.ts';
import type { Database, Task } from '../model/index.ts';
import { openTestDatabase, testLog } from '../model/testing.ts';
import { TaskStore } from '../tasks/index.ts';
import { makeScene, registryOf } from '../tasks/testing.ts';
import { Notices } from './notices.ts';
import { Outbox } from './outbox.ts';
import { Postman, retryAfter } from './postman.ts';
import { MailServer, refusal } from './testing.ts';
import type { MailSettings } from '../site/index.ts';
import { smtpTransport } from './transport.ts';

describe('e-mail at the start of a task', function () {
  this.timeout(30_000);
  let database: Database;
  let scene: Awaited<ReturnType<typeof makeScene>>;
  let store: TaskStore;
  let server: MailServer;
  let count = 0;

  before(async () => {
    database = await openTestDatabase();
    scene = await makeScene(database);
    store = new TaskStore(database, new EventBus(), registryOf({}));
  });
  after(() => database.close());
  beforeEach(async () => {
    server = await MailServer.open();
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await database.em().execute(`delete from notices`);
  });

  const settings = (more: Partial<MailSettings> = {}): MailSettings => ({
    from: 'stele@example.org',
    host: '127.0.0.1',
    port: more.port ?? server.port,
    security: 'none',
    ...more,
  });
  const open = (more: Partial<MailSettings> = {}): Postman =>
    new Postman({
      outbox: new Outbox(database),
      transport: smtpTransport(settings(more), 'stele.example.org'),
      site: 'Institute',
      taskPage: (key) => `https://stele.example.org/tasks?open=${key}`,
      log: testLog,
      period: 50,
      retryAfter: () => 100,
    });
  const launch = (more: object = {}): Promise<Task> =>
    store.insert({
      key: `mail${String(count++).padStart(12, '0')}`,
      name: 'Survey',
      owner: scene.user.id,
      softwareName: 'S',
      computing: scene.computing.id,
      computingName: 'There',
      launch: {
        image: { registry: 'l', repository: 's', tag: '1' },
        interface: { port: 80, protocol: 'http', transport: 'tcp' },
      },
      mailAtStart: true,
      ...more,
    } as never);
  const start = (row: Task): Promise<Task | undefined> =>
    store.change(row.id, () => ({ phase: 'running', startedAt: new Date() }));
  const stateOf = async (
    row: Task,
  ): Promise<{ mail: string; mail_attempts: number; mail_problem: string } | undefined> => {
    const sql = 'select mail, mail_attempts, mail_problem from notices where task_id = ?';
    return (
      await database.em().execute<{ mail: string; mail_attempts: number; mail_problem: string }[]>(sql, [row.id])
    )[0];
  };

  it('goes to its owner, once, as plain text, with a name that tells attempts apart from letters', async () => {
    const row = await launch({ name: 'Survey\r\nBcc: x@example.org' });
    await using postman = open();
    await start(row);
    postman.hurry();
    await eventually('it is there', () => server.received.length === 1);
    const [letter] = server.received;
    assert.deepEqual([letter?.from, letter?.to], ['stele@example.org', ['a@example.org']]);
    const [head = '', ...body] = (letter?.raw ?? '').split('\r\n\r\n');
    assert.match(head, /^Subject: Survey Bcc: x@example\.org has started on There$/m);
    assert.doesNotMatch(head, /^Bcc:/m);
    assert.match(head, /^Content-Type: text\/plain/m);
    assert.match(head, /^Message-ID: <[0-9a-f-]{36}@stele\.example\.org>$/m);
    assert.match(head, /^Auto-Submitted: auto-generated$/m);
    const text = body.join('\n').replaceAll('=\r\n', '').replaceAll('=3D', '=');
    assert(text.includes(`\nhttps://stele.example.org/tasks?open=${row.key}\n`), text);
    await store.change(row.id, () => ({ phase: 'queued' }));
    await start(row);
    await sleep(200);
    assert.equal(server.received.length, 1, 'it started again, and was told of again');
    assert.equal((await stateOf(row))?.mail, 'sent');
  });

  it('is sent once, however many replicas send', async () => {
    const rows = await Promise.all(Array.from({ length: 12 }, () => launch()));
    const postmen = Array.from({ length: 4 }, () => open());
    server.onLetter = () => sleep(30);
    await Promise.all(rows.map(start));
    for (const postman of postmen) postman.hurry();
    await eventually('all are there', () => server.received.length >= rows.length);
    await sleep(300);
    for (const postman of postmen) await postman[Symbol.asyncDispose]();
    assert.equal(server.received.length, rows.length);
  });

  it('waits for a mail server that is away', async () => {
    const { port } = server;
    await server[Symbol.asyncDispose]();
    const row = await launch();
    await using _postman = open({ port });
    await start(row);
    await eventually('it has been tried', async () => ((await stateOf(row))?.mail_attempts ?? 0) >= 2);
    assert.match((await stateOf(row))?.mail_problem ?? '', /did not take the e-mail: .*ECONNREFUSED/);
    assert.equal((await stateOf(row))?.mail, 'waiting');
  });

  it('is tried again when the server is busy, and given up when it refuses the addressee', async () => {
    const [busy, never] = [await launch(), await launch()];
    let asked = 0;
    server.onRecipient = () => {
      asked += 1;
      if (asked === 1) throw refusal(450, 'Busy.');
    };
    await using _postman = open();
    await start(busy);
    await eventually('it is there', () => server.received.length === 1);
    server.onRecipient = () => {
      throw refusal(550, 'Nobody here.');
    };
    await start(never);
    await eventually('it is given up', async () => (await stateOf(never))?.mail === 'failed');
    assert.match((await stateOf(never))?.mail_problem ?? '', /refuses this e-mail/);
  });

  it('waits for the site’s own settings to be mended when the server refuses the sender', async () => {
    await using strict = await MailServer.open({
      onMailFrom: (_address, _session, answer) => answer(refusal(553, 'Not from you.')),
    });
    const row = await launch();
    await using _postman = open({ port: strict.port });
    await start(row);
    await eventually('it has been tried', async () => ((await stateOf(row))?.mail_attempts ?? 0) > 0);
    await eventually('it is known why', async () => /Not from you/.test((await stateOf(row))?.mail_problem ?? ''));
    assert.equal((await stateOf(row))?.mail, 'waiting');
  });

  it('logs in by the secret of a file, read each time', async () => {
    const path = join(tmpdir(), `stele-mail-${process.pid}`);
    await writeFile(path, 'wrong\n');
    await using strict = await MailServer.open({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, answer) =>
        username === 'stele' && password === 'right' ? answer(null, { user: 1 }) : answer(new Error('No.')),
    });
    const row = await launch();
    await using _postman = open({ port: strict.port, user: 'stele', passwordFile: path });
    await start(row);
    await eventually('it was refused', async () => ((await stateOf(row))?.mail_attempts ?? 0) > 0);
    await writeFile(path, 'right\n');
    await eventually('it is there', () => strict.received.length === 1);
  });

  it('goes over no line that is not encrypted by somebody trusted, unless told so', async () => {
    const row = await launch();
    await using tls = await MailServer.open({ disabledCommands: [] });
    await using _plain = open({ security: 'starttls' });
    await using _untrusted = open({ port: tls.port, security: 'starttls' });
    await start(row);
    await eventually('it has been tried', async () => ((await stateOf(row))?.mail_attempts ?? 0) >= 3);
    assert.deepEqual([server.received, tls.received], [[], []]);
  });

  it('is not asked for where it can’t be sent', async () => {
    await assert.rejects(new Notices(database, false).demandMail(scene.user.id), {
      code: 'INVALID',
      field: 'mailAtStart',
    });
    await new Notices(database, true).demandMail(scene.user.id);
    await database.em().execute(`update users set email = 'admin@localhost' where id = ?`, [scene.user.id]);
    await assert.rejects(new Notices(database, true).demandMail(scene.user.id), /no e-mail address/);
    await database.em().execute(`update users set email = 'a@example.org' where id = ?`, [scene.user.id]);
  });

  it('is not sent for a task that nobody wants to hear of; its page is told of one that waited', async () => {
    const [plain, waited, stopped] = [
      await launch({ mailAtStart: false }),
      await launch({ mailAtStart: false }),
      await launch(),
    ];
    await store.change(waited.id, () => ({ phase: 'queued', queuedAt: new Date() }));
    await store.change(stopped.id, () => ({ stopRequestedAt: new Date() }));
    await using postman = open();
    for (const row of [plain, waited, stopped]) await start(row);
    postman.hurry();
    await sleep(200);
    assert.deepEqual(server.received, []);
    const notices = new Notices(database, true);
    const [notice, ...more] = await notices.unseen(scene.user.id);
    assert.deepEqual([notice?.task.id, more], [waited.id, []]);
    const other = notices.seen('00000000-0000-4000-8000-000000000000', notice?.id ?? '');
    await assert.rejects(other, (error) => hasCode(error, 'NOT_FOUND'));
    assert.equal((await notices.unseen(scene.user.id)).length, 1, 'nobody else can say that it was seen');
    await notices.seen(scene.user.id, notice?.id ?? '');
    assert.deepEqual(await notices.unseen(scene.user.id), []);
  });
});

describe('the pause before an e-mail is tried again', () => {
  for (const [failures, pause] of [
    [1, 30_000],
    [2, 60_000],
    [5, 480_000],
    [8, 3_600_000],
    [30, 3_600_000],
  ] as const) {
    it(`is ${pause / 1000} s after ${failures}`, () => assert.equal(retryAfter(failures), pause));
  }
});
