import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ContainerEngines } from '@stele/sdk';
import { PluginYard, startHost } from '../../core/server/src/host/testing.ts';
import { loadSite } from '../../core/server/src/site/index.ts';
import { root, type Snippet, snippets, writeSnippets } from './snippets.ts';

const run = promisify(execFile);
const checked = ['ts', 'js', 'json', 'yaml'];
/** JavaScript can say neither types nor `override`. */
const plainJavaScript = { allowJs: true, checkJs: true, noImplicitAny: false, noImplicitOverride: false };

describe('snippets in docs', () => {
  let folder: string;
  before(async () => {
    folder = await writeSnippets(() => true);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('are files that can be checked, or words for a shell or a proxy', () => {
    const loose = snippets().filter(
      ({ language, file }) => !['sh', 'nginx', 'text'].includes(language) && file === undefined,
    );
    assert.deepEqual(loose.map(where), []);
    assert.deepEqual(
      [
        ...new Set(
          snippets()
            .filter(({ file }) => file)
            .map(({ language }) => language),
        ),
      ].filter((one) => !checked.includes(one)),
      [],
    );
  });

  it('compile', async function () {
    this.timeout(60_000);
    await compile(folder, ['**/*.ts'], {});
    await compile(folder, ['**/*.js'], plainJavaScript);
  });

  for (const snippet of snippets().filter(({ language }) => language === 'yaml')) {
    it(`is a site file: ${where(snippet)}`, () => {
      assert.ok(Object.keys(loadSite(join(folder, snippet.file ?? ''), {}).file).length > 0);
    });
  }

  it('make plugins that a host accepts', async () => {
    const yard = await PluginYard.open();
    for (const name of ['podman-store', 'hello-panel'])
      await cp(join(folder, name), join(yard.path, 'plugins', name), { recursive: true });
    const host = await startHost(yard);
    try {
      assert.deepEqual(
        host.list().map(({ id, state, reason }) => [id, state, reason]),
        [
          ['hello-panel', 'active', undefined],
          ['podman-store', 'active', undefined],
        ],
      );
      assert.equal(host.registry(ContainerEngines).get('podman-store')?.title, 'Podman with a store of its own');
      assert.deepEqual(
        host.contributions().map(({ plugin }) => plugin),
        ['hello-panel'],
      );
    } finally {
      await host.stop();
      await yard[Symbol.asyncDispose]();
    }
  });
});

describe('the example panel', () => {
  let folder: string;
  before(async () => {
    folder = await writeSnippets(() => false);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('compiles as the JavaScript that it is', async function () {
    this.timeout(60_000);
    await compile(folder, [join(root, 'examples/plugins/podman-service/src/web/index.js')], plainJavaScript);
  });
});

function where({ page, language, file }: Snippet): string {
  return `${page}: ${file ?? language}`;
}

/** Demands that the compiler has nothing to say. */
async function compile(folder: string, include: readonly string[], compilerOptions: object): Promise<void> {
  const config = join(folder, 'tsconfig.json');
  await writeFile(
    config,
    JSON.stringify({ extends: join(root, 'tsconfig.check.json'), include, exclude: [], compilerOptions }),
  );
  try {
    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], { cwd: folder });
  } catch (error) {
    assert.fail((error as { stdout?: string }).stdout || String(error));
  }
}
