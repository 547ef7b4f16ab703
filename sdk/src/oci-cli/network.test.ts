import assert from 'node:assert/strict';
import type { ContainerSpec } from '../engine.ts';
import { type Dialect, plainTraits } from './dialect.ts';
import { type ContainerNetwork, networkArguments, networkOptions, networkRemoval, networkText } from './network.ts';

const spec: ContainerSpec = {
  name: 'stele-a',
  image: { registry: 'localhost', repository: 'stele/a', tag: '1' },
  env: { SECRET: 'canary' },
  binds: [],
  labels: { 'stele.task': 'k' },
};

const rows: readonly (readonly [
  string,
  ContainerNetwork | undefined,
  string,
  string | undefined,
  string | undefined,
])[] = [
  ['the engine’s own', undefined, '', undefined, undefined],
  [
    'a mode',
    { kind: 'mode', mode: 'slirp4netns:allow_host_loopback=false' },
    '--network slirp4netns:allow_host_loopback=false',
    undefined,
    'slirp4netns for each task',
  ],
  [
    'a shared one',
    { kind: 'shared', name: 'all', createArguments: ['--opt', 'apart=true'] },
    '--network all',
    '--global network create --opt apart=true all',
    'tasks apart in the network “all”',
  ],
  [
    'one of its own',
    { kind: 'own', createArguments: ['--opt', 'apart=true'] },
    '--network stele-a',
    '--global network create --opt apart=true --label stele.task=k stele-a',
    'a network for each task',
  ],
];

describe('the network of a container', () => {
  for (const [what, network, options, creation, text] of rows) {
    it(`is ${what}`, () => {
      const traits = { ...plainTraits, globalArguments: ['--global'], ...(network === undefined ? {} : { network }) };
      assert.equal(networkOptions(spec, traits).join(' '), options);
      assert.equal(networkArguments(spec, traits)?.join(' '), creation);
      assert.equal(networkText(network), text);
    });
  }

  it('goes with the container where each may have its own', () => {
    const own = { ownNetworks: { removeArguments: ['--force'] } } as unknown as Dialect;
    assert.deepEqual(networkRemoval('stele-a', own), ['network', 'rm', '--force', 'stele-a']);
    assert.equal(networkRemoval('stele-a', {} as unknown as Dialect), undefined);
  });
});
