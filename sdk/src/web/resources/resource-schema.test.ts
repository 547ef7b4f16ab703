import assert from 'node:assert/strict';
import type { ResourceKinds } from '../../api/index.ts';
import { fieldsOf } from '../form/fields.ts';
import {
  fitting,
  movedOn,
  ownerKey,
  ownerOfKey,
  refitted,
  resourceBody,
  resourceSchema,
  resourceStart,
  type ResourceFormFacts,
} from './resource-schema.ts';

const text = (title: string): object => ({ type: 'object', properties: { [title]: { type: 'string', title } } });
const kinds: ResourceKinds = {
  drivers: [
    {
      id: 'one',
      title: 'One host',
      kind: 'standalone',
      bringsEngine: false,
      accepts: [
        { access: 'local', auth: ['none'] },
        { access: 'ssh', auth: ['user-keys', 'platform-keys'] },
      ],
      conf: { ...text('grace') },
    },
    {
      id: 'many',
      title: 'Cluster',
      kind: 'cluster',
      bringsEngine: true,
      accepts: [{ access: 'ssh', auth: ['user-keys'] }],
      conf: {},
    },
  ],
  backends: [
    { id: 'posix', title: 'Files', accepts: [{ access: 'local', auth: ['none'] }], conf: { ...text('base') } },
  ],
  access: [
    { id: 'local', title: 'This machine', conf: {} },
    { id: 'ssh', title: 'SSH', conf: { ...text('host') } },
  ],
  engines: [
    { id: 'podman', title: 'Podman', runtimes: ['crun', 'runc'] },
    { id: 'docker', title: 'Docker', runtimes: [] },
  ],
  protocols: [],
};
const owners = [
  { key: 'platform', title: 'Everyone' },
  { key: 'user:u1', title: 'Me' },
];
const computing: ResourceFormFacts = { part: 'driver', kinds, owners };
const storage: ResourceFormFacts = { part: 'backend', kinds, owners, computings: [{ id: 'c1', name: 'Here' }] };
const keys = (facts: ResourceFormFacts, value = {}): string[] =>
  fieldsOf(resourceSchema(facts, value)).map(({ key }) => key);

describe('form of a resource', () => {
  it('offers no engines where the resource brings its own, and sends none', () => {
    const chosen = { name: 'x', driver: 'many', access: 'ssh', owner: 'platform', engines: ['podman'] };
    assert(!keys(computing, chosen).includes('engines'));
    assert.deepEqual(resourceBody(computing, chosen)['engines'], []);
    assert.deepEqual(resourceBody(computing, { ...chosen, driver: 'one' })['engines'], [
      { id: 'podman', runtimes: [] },
    ]);
  });

  it('lets a storage be reached as its computing is, with that one’s credentials', () => {
    assert(!keys({ ...storage, computings: [] }).includes('access'), 'only where there is a computing');
    const chosen = {
      name: 'x',
      backend: 'posix',
      access: 'computing',
      auth: 'none',
      computing: 'c1',
      owner: 'platform',
    };
    assert.deepEqual(keys(storage, chosen).slice(0, 3), ['name', 'access', 'conf']);
    assert((resourceSchema(storage, chosen) as { required: string[] }).required.includes('computing'));
    const { access, auth, accessConf, computing: place } = resourceBody(storage, chosen);
    assert.deepEqual([access, auth, accessConf, place], ['computing', undefined, {}, 'c1']);
  });

  it('asks only where there is a choice', () => {
    assert.deepEqual(keys(computing), ['name', 'driver', 'access', 'conf', 'engines', 'owner']);
    assert.deepEqual(keys(computing, { access: 'ssh' }), [
      'name',
      'driver',
      'access',
      'auth',
      'accessConf',
      'conf',
      'engines',
      'owner',
    ]);
    assert.deepEqual(keys(storage), ['name', 'access', 'conf', 'computing', 'browsable', 'readOnly', 'owner']);
  });

  it('lets what no longer fits give way', () => {
    const value = { driver: 'many', access: 'local', auth: 'none' };
    assert.deepEqual(fitting(computing, value), { driver: 'many', access: 'ssh', auth: 'user-keys' });
  });

  it('is reached as the new kind is best, unless the user has chosen a way that it knows, too', () => {
    const accepts = ['api', 'ssh', 'local'].map((access) => ({ access, auth: [access === 'local' ? 'none' : 'keys'] }));
    const [one, many] = kinds.drivers as [(typeof kinds.drivers)[number], (typeof kinds.drivers)[number]];
    const facts = { ...computing, kinds: { ...kinds, drivers: [one, { ...many, accepts }] } };
    const first = { driver: 'one', access: 'local', auth: 'none' };
    assert.deepEqual(refitted(facts, first, { ...first, driver: 'many' }), {
      driver: 'many',
      access: 'api',
      auth: 'keys',
    });
    const chosen = { driver: 'one', access: 'ssh', auth: 'user-keys' };
    assert.deepEqual(refitted(facts, chosen, { ...chosen, driver: 'many' }), {
      driver: 'many',
      access: 'ssh',
      auth: 'keys',
    });
    const back = { driver: 'many', access: 'local', auth: 'none' };
    assert.deepEqual(refitted(facts, { ...back, access: 'api' }, back), back, 'what is chosen for the kind stays');
    assert.deepEqual(refitted(facts, back, { ...back, driver: 'one' }), first);
    assert.deepEqual(refitted(computing, first, { ...first, driver: 'many' })['access'], 'ssh', 'the only way there');
  });

  it('takes no default of one kind for what was typed, when another is chosen', () => {
    const settings = (port: number, engines: string) => ({
      properties: { port: { type: 'integer', default: port }, engines: { type: 'array', default: [engines] } },
    });
    const [one, many] = kinds.drivers.map((driver, at) => ({ ...driver, conf: settings(0, ['a', 'b'][at] ?? '') }));
    const access = kinds.access.map((each, at) => ({ ...each, conf: settings([1, 2][at] ?? 0, '') }));
    const facts = { ...computing, kinds: { ...kinds, drivers: [one!, many!], access } };
    const before = { driver: 'one', access: 'local' };
    const entered = { conf: { engines: ['a'], kept: 1 }, accessConf: { port: 1, host: 'h' } };
    const moved = movedOn(facts, before, { ...entered, driver: 'many', access: 'ssh' });
    assert.deepEqual([moved['conf'], moved['accessConf']], [{ kept: 1 }, { host: 'h' }]);
    const stayed = movedOn(facts, before, { ...entered, ...before });
    assert.deepEqual([stayed['conf'], stayed['accessConf']], [entered.conf, entered.accessConf]);
  });

  it('sends what belongs to the kind that was chosen, and no more', () => {
    const entered = {
      name: 'x',
      driver: 'one',
      access: 'local',
      conf: { grace: 'a', old: 1 },
      accessConf: { host: 'gone' },
      owner: 'user:u1',
      engines: ['podman/crun', 'podman/runc', 'docker'],
    };
    assert.deepEqual(resourceBody(computing, entered), {
      name: 'x',
      driver: 'one',
      access: 'local',
      auth: 'none',
      accessConf: {},
      conf: { grace: 'a' },
      owner: { kind: 'user', id: 'u1' },
      engines: [
        { id: 'podman', runtimes: ['crun', 'runc'] },
        { id: 'docker', runtimes: [] },
      ],
    });
  });

  it('asks for the platform’s credentials where those are used', () => {
    const accepts = [{ access: 'api', auth: ['platform-token', 'user-token'] }];
    const own = { id: 's3', title: 'S3', accepts, conf: { ...text('bucket') }, credentials: { ...text('key') } };
    const facts: ResourceFormFacts = { part: 'backend', owners, kinds: { ...kinds, backends: [own] } };
    const value = { name: 'x', auth: 'platform-token', credentials: { key: 'k', old: 1 } };
    assert(keys(facts, value).includes('credentials'));
    assert.deepEqual(resourceBody(facts, value)['credentials'], { key: 'k' });
    const theirs = { ...value, auth: 'user-token' };
    assert(!keys(facts, theirs).includes('credentials'));
    assert(!('credentials' in resourceBody(facts, theirs)));
  });

  it('sends how a storage is mounted', () => {
    const {
      computing: place,
      browsable,
      readOnly,
    } = resourceBody(storage, { name: 'x', computing: 'c1', browsable: false });
    assert.deepEqual([place, browsable, readOnly], ['c1', false, false]);
  });

  it('starts with what is there', () => {
    const start = resourceStart({
      owner: { kind: 'group', id: 'g' },
      engines: [
        { id: 'podman', runtimes: ['crun'] },
        { id: 'docker', runtimes: [] },
      ],
    });
    assert.deepEqual([start['owner'], start['engines']], ['group:g', ['podman/crun', 'docker']]);
  });

  it('owners go there and back', () => {
    for (const key of ['platform', 'user:1', 'group:2']) assert.equal(ownerKey(ownerOfKey(key)), key);
  });
});
