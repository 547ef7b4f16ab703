import assert from 'node:assert/strict';
import { distinctly, nameInPath } from './planner.ts';

const place = (storageName: string, path: string) => ({ storage: 's', storageName, path });

describe('names of what is brought in', () => {
  it('are those that it has, told apart', () => {
    const places = [place('B', 'a/data'), place('B', 'b/data'), place('Ärger & co', ''), place('B', 'data-2')];
    assert.deepEqual(
      distinctly(places).map(({ as }) => as),
      ['data', 'data-2', 'Arger-co', 'data-2-2'],
    );
  });

  for (const [name, expected] of [
    ['JupyterLab 4', 'JupyterLab-4'],
    ['../../etc', 'etc'],
    ['東京', 'files'],
    ['x'.repeat(100), 'x'.repeat(40)],
  ] as const) {
    it(`“${name.slice(0, 20)}” is ${expected.slice(0, 20)} in a path`, () => assert.equal(nameInPath(name), expected));
  }
});
