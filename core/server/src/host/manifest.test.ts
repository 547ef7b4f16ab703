import assert from 'node:assert/strict';
import { checkManifest, idOf } from './manifest.ts';

const panel = { id: 'queue', slot: 'computing.details', title: 'Queue', export: 'QueuePanel' };

function manifest(stele: Record<string, unknown>): Record<string, unknown> {
  return {
    name: 'x',
    version: '1.0.0',
    engines: { stele: '^1.0.0' },
    stele: { id: 'my-driver', server: './index.js', ...stele },
  };
}

describe('checkManifest', () => {
  const right: [string, Record<string, unknown>][] = [
    ['a server half', {}],
    ['a web half alone', { server: undefined, web: './web/index.js', panels: [panel] }],
    [
      'all there is',
      {
        title: 'X',
        web: './w/i.js',
        doctor: './d.js',
        settings: {},
        panels: [{ ...panel, icon: 'list', order: -1, role: 'admin' }],
      },
    ],
  ];
  for (const [name, stele] of right) {
    it(`takes ${name}`, () =>
      assert.equal(checkManifest(JSON.parse(JSON.stringify(manifest(stele)))).stele.id, 'my-driver'));
  }

  const wrong: [string, unknown, RegExp][] = [
    ['no object', null, /must be object/],
    ['no version', { ...manifest({}), version: undefined }, /'version'/],
    ['no range', { ...manifest({}), engines: { node: '>=24' } }, /`engines` .*'stele'/],
    ['no id', manifest({ id: undefined }), /`stele` .*'id'/],
    ['an id with capitals', manifest({ id: 'MyDriver' }), /`stele.id` must match/],
    ['an id that is a path', manifest({ id: '../x' }), /`stele.id` must match/],
    ['an id of one letter', manifest({ id: 'x' }), /`stele.id` must match/],
    ['a misspelt key', manifest({ sever: './x.js' }), /`stele` .*`sever`/],
    ['no half at all', manifest({ server: undefined }), /neither a server nor a web half/],
    ['panels without a web half', manifest({ panels: [panel] }), /need a web half/],
    [
      'a panel without an export',
      manifest({ web: './w/i.js', panels: [{ ...panel, export: undefined }] }),
      /`stele.panels.0` .*'export'/,
    ],
    [
      'a panel whose export is no name',
      manifest({ web: './w/i.js', panels: [{ ...panel, export: 'a-b' }] }),
      /`stele.panels.0.export`/,
    ],
    ['a role that is none', manifest({ web: './w/i.js', panels: [{ ...panel, role: 'root' }] }), /role` .*"standard"/],
    ['two panels of one id', manifest({ web: './w/i.js', panels: [panel, panel] }), /"queue" twice/],
    ['settings that are a number', manifest({ settings: 1 }), /`stele.settings`/],
  ];
  for (const [name, value, message] of wrong) {
    it(`refuses ${name}`, () => {
      const parsed: unknown = JSON.parse(JSON.stringify(value));
      assert.throws(() => checkManifest(parsed), { code: 'MANIFEST_INVALID', message });
    });
  }
});

describe('idOf', () => {
  const cases: [unknown, string | undefined][] = [
    [{ stele: { id: 'slurm', bad: 1 } }, 'slurm'],
    [{ stele: { id: 'Slurm' } }, undefined],
    [{ stele: null }, undefined],
    [{ stele: 'slurm' }, undefined],
    [undefined, undefined],
    [null, undefined],
  ];
  for (const [value, id] of cases) it(`reads ${JSON.stringify(value)}`, () => assert.equal(idOf(value), id));
});
