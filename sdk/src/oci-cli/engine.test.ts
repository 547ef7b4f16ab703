import assert from 'node:assert/strict';
import type { ContainerSpec } from '../engine.ts';
import type { Dialect } from './dialect.ts';
import { CliEngine } from './engine.ts';

const dialect: Dialect = {
  id: 'any',
  title: 'Any',
  command: ['any', '--plain'],
  remedy: 'Install it.',
  inspectFormat: '',
  logArguments: [],
  removeArguments: [],
  pullArguments: () => ['--insecure'],
  authArguments: (folder) => ({ global: ['--config', folder], pull: [] }),
  knowsOutOfMemory: true,
  runtimes: [],
  failures: [],
  survey: () => Promise.reject(new Error('not asked')),
};

const spec: ContainerSpec = {
  name: 'stele-a',
  image: { registry: 'r.example', repository: 'a', tag: '1' },
  architecture: 'arm64',
  env: {},
  binds: [],
  labels: {},
};

describe('the command of a job’s container', () => {
  const credentials = { username: 'ada', password: 'canary' };

  it('has credentials in a file, and in nothing else', () => {
    const { auth, ...rest } = new CliEngine(dialect).command({ ...spec, credentials });
    const secret = Buffer.from('ada:canary').toString('base64');
    assert.deepEqual(JSON.parse(auth ?? ''), { auths: { 'r.example': { auth: secret } } });
    for (const text of ['canary', secret]) assert(!JSON.stringify(rest).includes(text));
  });

  it('fetches with them what it runs', () => {
    const argv = new CliEngine(dialect).command({ ...spec, credentials }).argv.join(' ');
    const fetching = '--config @STELE_AUTH@ pull --quiet --platform linux/arm64 --insecure r.example/a:1';
    assert(argv.includes(` @STELE_AUTH@/config.json 10 any --plain ${fetching} any --plain run `), argv);
  });

  it('fetches nothing beforehand where there are none', () => {
    const { auth, argv } = new CliEngine(dialect).command(spec);
    assert.equal(auth, undefined);
    assert(!argv.includes('pull'));
  });
});
