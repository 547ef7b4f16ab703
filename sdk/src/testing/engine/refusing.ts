import assert from 'node:assert/strict';
import type { ContainerSpec } from '../../engine.ts';
import { rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { kitLabel, type Scene } from './subject.ts';
import { stateOf } from './watch.ts';

const bind = { source: '/tmp', target: '/kit', readOnly: true };

/** Parts of a specification that no engine can take, by what is wrong with them. */
const wrong: Readonly<Record<string, Partial<ContainerSpec>>> = {
  'a name that reads as an option': { name: '--privileged' },
  'a name with a path in it': { name: '../other' },
  'a name with a line break': { name: 'kit\nother' },
  'a variable’s name with “=”': { env: { 'A=B': 'x' } },
  'a variable’s name with a line break': { env: { 'A\nB': 'x' } },
  'an empty variable’s name': { env: { '': 'x' } },
  'a variable’s value with a line break': { env: { A: 'x\nPATH=/evil' } },
  'a variable’s value with a NUL': { env: { A: 'x\0y' } },
  'a folder that isn’t absolute': { binds: [{ ...bind, source: 'tmp' }] },
  'a folder with “..”': { binds: [{ ...bind, source: '/tmp/../etc' }] },
  'a target with “..”': { binds: [{ ...bind, target: '/kit/../etc' }] },
  'a target that is the root': { binds: [{ ...bind, target: '/' }] },
  'a folder with a line break': { binds: [{ ...bind, source: '/tmp/a\nb' }] },
  'a label with blanks': { labels: { 'a b': 'c' } },
  'a label’s value with a line break': { labels: { a: 'b\nc' } },
  'a port of 0': { port: 0 },
  'a port beyond the last': { port: 65_536 },
  'negative memory': { memory: -1 },
  'no processor': { cpus: 0 },
  'a runtime that is a path': { runtime: '/bin/sh' },
  'an image that reads as an option': { image: { registry: '--root=/', repository: 'a' } },
  'an image with upper case': { image: { registry: 'localhost', repository: 'A' } },
};

export function describeRefusing({ describe, it }: Runner, scene: () => Scene): void {
  describe('refuses', () => {
    for (const [what, parts] of Object.entries(wrong)) {
      it(what, async () => {
        const spec = scene().spec(scene().world.behaviours.print([], 0), parts);
        const error = await rejectsWith('INVALID', scene().operator.start(spec, scene().signal()));
        assert(error.field !== undefined, 'the error must name the wrong value');
        if (parts.name === undefined) assert.equal((await stateOf(scene(), spec.name)).phase, 'absent');
      });
    }

    it('a name that isn’t one, in every call', async () => {
      const { operator } = scene();
      const signal = scene().signal();
      const name = '--help';
      await rejectsWith('INVALID', operator.observe([name], signal), 'name');
      await rejectsWith(
        'INVALID',
        promised(() => operator.stop(name, 1, signal)),
        'name',
      );
      await rejectsWith(
        'INVALID',
        promised(() => operator.remove(name, signal)),
        'name',
      );
      await rejectsWith('INVALID', operator.logs(name, {}, signal)[Symbol.asyncIterator]().next(), 'name');
    });

    it('a label that isn’t one', async () => {
      const value = `${scene().mark},name=x`;
      await rejectsWith(
        'INVALID',
        promised(() => scene().operator.find(kitLabel, value, scene().signal())),
        'labels',
      );
    });
  });
}

async function promised<T>(work: () => Promise<T>): Promise<T> {
  return work();
}
