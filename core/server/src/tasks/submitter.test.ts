import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type ComputingDriver, type Launch, SteleError } from '@stele/sdk';
import { inTime } from '@stele/sdk/testing';
import type { Viewer } from '../accounts/index.ts';
import { type Database, type Owner, Task } from '../model/index.ts';
import { openTestDatabase, testLog } from '../model/testing.ts';
import { Keyring, Registries } from '../registries/index.ts';
import { noFence } from '../replicas/index.ts';
import { censoredEvents, censoredSight } from './censored.ts';
import { Submitter } from './submitter.ts';
import { makeScene, makeTask, ScriptedResource, startPlatform, testBox, type TestPlatform } from './testing.ts';

const password = 'canary-p4ss';
const basic = Buffer.from(`ada:${password}`).toString('base64');

describe('a submission', function () {
  this.timeout(20_000);
  let database: Database;
  let scene: Awaited<ReturnType<typeof makeScene>>;
  let platform: TestPlatform;
  let viewer: Viewer;
  let keyring: Keyring;
  let credential: string;
  let count = 0;
  const logs = mkdtempSync(join(tmpdir(), 'stele-logs-'));

  before(async () => {
    database = await openTestDatabase();
    scene = await makeScene(database);
    platform = await startPlatform(database, new ScriptedResource(), logs);
    viewer = { id: scene.user.id, username: 'a', role: 'standard', groups: [] };
    keyring = new Keyring(database, testBox);
    const registries = new Registries({ database, secrets: testBox });
    await registries.create(viewer, { registry: 'r.example', username: 'ada', password });
    const own: Owner = { kind: 'user', id: viewer.id };
    const occasion = { software: own, computing: { owner: own, auth: 'none' } } as const;
    credential = (await keyring.choose(viewer, occasion, 'r.example')) ?? '';
  });
  after(async () => {
    await platform?.[Symbol.asyncDispose]();
    await database.close();
    rmSync(logs, { recursive: true });
  });

  /** Submits a task whose launch chose the credentials, or none. @returns the row, and what the log has */
  const submit = async (
    work: (launch: Launch) => Promise<string>,
    { registry = 'r.example', registryCredential = credential, capabilities = {}, isGuarded = false } = {},
  ): Promise<{ row: Task; log: string }> => {
    const seen = await makeTask(platform, scene, `submission${String(count++).padStart(6, '0')}`);
    const image = { registry, repository: 's', tag: '1' };
    const launch = {
      ...{ ...seen.launch, image },
      ...(registryCredential === '' ? {} : { registryCredential }),
      ...(isGuarded ? { isRegistryGuarded: true as const } : {}),
    };
    await database.em().nativeUpdate(Task, { id: seen.id }, { launch });
    const lines: unknown[] = [];
    const note = (message: string, fields?: object): unknown => lines.push(message, fields);
    const log = { ...testLog, info: note, error: note, warn: note, debug: note };
    const submitter = new Submitter({ store: platform.store, secrets: testBox, keyring, log, fence: noFence });
    const base = new ScriptedResource().driver;
    const driver: ComputingDriver = {
      ...base,
      capabilities: { ...base.capabilities, ...capabilities },
      submit: (_resource, given, progress) => {
        progress(`asks with ${given.credentials?.password ?? 'nothing'}`);
        return work(given);
      },
    };
    await submitter.submit(seen, driver, inTime(5_000));
    const row = (await platform.store.byId(seen.id)) ?? assert.fail();
    return { row, log: inspect(lines, { depth: 9 }) };
  };
  const given = async (options?: Parameters<typeof submit>[1]) => {
    let seen: Launch['credentials'];
    const { row } = await submit(async ({ credentials }) => {
      seen = credentials;
      return 'ref';
    }, options);
    assert.equal(row.ref, 'ref');
    return seen;
  };

  it('brings the credentials that were chosen for the image’s registry', async () => {
    assert.deepEqual(await given(), { username: 'ada', password });
    assert.equal(await given({ registryCredential: '' }), undefined);
  });

  it('brings none to another registry, or to what can’t use them', async () => {
    assert.equal(await given({ registry: 'evil.example' }), undefined);
    assert.equal(await given({ registry: 'r.example:5000' }), undefined);
    assert.equal(await given({ capabilities: { registryCredentials: false } }), undefined);
  });

  it('keeps them out of the task and the log when the registry repeats them', async () => {
    const cause = new Error(`401 for ${basic}`);
    const { row, log } = await submit(async () => {
      throw new SteleError('DENIED', `No: ${password}.`, { field: 'image', raw: `unauthorized ${basic}`, cause });
    });
    assert.deepEqual([row.phase, row.outcome], ['ended', 'rejected']);
    assert.match(row.reason ?? '', /^No: \[secret\]\. r\.example was asked with the credentials that you entered/);
    assert.equal(row.detail, 'unauthorized [secret]');
    const all = `${JSON.stringify(row)}${log}`;
    assert(!all.includes(password) && !all.includes(basic), all);
    assert.match(log, /submission failed/);
  });

  it('keeps them out when what failed is no error of ours, and says how far it is without them', async () => {
    const { row, log } = await submit(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const reason = (await platform.store.byId((await newest()).id))?.reason;
      throw new TypeError(`${reason}; ${password} is not a function`);
    });
    assert.equal(row.outcome, 'rejected');
    assert.match(log, /asks with \[secret\]; \[secret\] is not a function/);
    assert(!`${JSON.stringify(row)}${log}`.includes(password));
  });

  it('keeps them out of what nodes say later', async () => {
    const row = await makeTask(platform, scene, 'observed00000001');
    const image = { registry: 'r.example', repository: 's', tag: '1' };
    const told = {
      reason: row.reason,
      detail: row.detail,
      launch: { ...row.launch, image, registryCredential: credential },
    };
    const said = `Failed to pull: 401 for ${basic}`;
    const seen = { phase: 'starting', reason: `No: ${password}.`, detail: said } as const;
    const clean = { phase: 'starting', reason: 'No: [secret].', detail: 'Failed to pull: 401 for [secret]' } as const;
    assert.deepEqual(await censoredSight(keyring, told, seen), clean);
    const nobody = { open: () => assert.fail('nothing is opened for what is known') };
    assert.deepEqual(await censoredSight(nobody, { ...told, ...clean }, clean), clean);
    assert.deepEqual(await censoredSight(nobody, row, seen), seen);
    const events = await censoredEvents(keyring, told.launch, [{ reason: 'Failed', says: said }, { reason: 'Pulled' }]);
    assert.deepEqual(events, [{ reason: 'Failed', says: clean.detail }, { reason: 'Pulled' }]);
  });

  it('tells nobody but the log what was read at a registry that a user named', async () => {
    const said = 'malformed HTTP response "SSH-2.0-OpenSSH"';
    const error = new SteleError('PROTOCOL', `Any could not fetch it: ${said}`, { field: 'image', raw: said });
    const { row, log } = await submit(() => Promise.reject(error), { isGuarded: true });
    assert.match(row.reason ?? '', /r\.example doesn’t answer as a registry does/);
    assert(!JSON.stringify(row).includes('OpenSSH'), JSON.stringify(row));
    assert.match(log, /OpenSSH/);
    assert.match((await submit(() => Promise.reject(error))).row.reason ?? '', /OpenSSH/);
  });

  it('says which registry was asked without any', async () => {
    const error = new SteleError('DENIED', 'Refused.', { field: 'image' });
    const { row } = await submit(() => Promise.reject(error), { registryCredential: '' });
    assert.match(row.reason ?? '', /^Refused\. r\.example was asked without credentials/);
    const cant = await submit(() => Promise.reject(error), { capabilities: { registryCredentials: false } });
    assert.equal(cant.row.reason, 'Refused.');
  });

  const newest = async (): Promise<{ id: string }> => {
    const [row] = await database.orm.em
      .getConnection()
      .execute<{ id: string }[]>('select id from tasks order by created_at desc limit 1');
    return row ?? assert.fail();
  };
});
