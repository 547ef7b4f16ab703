import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = dirname(dirname(import.meta.dirname));
const long = Array.from({ length: 61 }, (_, line) => `  out.push(${line});`).join('\n');
const lines = (count: number): string =>
  Array.from({ length: count }, (_, line) => `export const n${line} = ${line};\n`).join('');

interface Violation {
  readonly rule: string;
  readonly file: string;
  readonly source: string;
}

const violations: readonly Violation[] = [
  { rule: 'stele(layers)', file: 'sdk/src/a.ts', source: "import '@stele/server';\n" },
  { rule: 'stele(layers)', file: 'sdk/src/b.ts', source: "export { x } from 'node:fs';\n" },
  { rule: 'stele(layers)', file: 'core/server/src/host/a.ts', source: "export * from '@stele/engine-podman';\n" },
  {
    rule: 'stele(layers)',
    file: 'core/server/src/host/b.ts',
    source: "export const load = () => import('@stele/auth-local');\n",
  },
  { rule: 'stele(layers)', file: 'core/server/src/http/a.ts', source: "import '../tasks/launch.ts';\n" },
  { rule: 'stele(layers)', file: 'core/web/src/a.ts', source: "import 'node:path';\n" },
  { rule: 'stele(layers)', file: 'plugins/engines/podman/src/a.ts', source: "import '../../docker/src/argv.ts';\n" },
  {
    rule: 'stele(layers)',
    file: 'plugins/engines/podman/src/b.ts',
    source: "export type S = import('@stele/server').Server;\n",
  },
  { rule: 'stele(layers)', file: 'plugins/panels/tasks/src/web/a.ts', source: "import 'node:fs';\n" },
  { rule: 'stele(no-decorators)', file: 'core/server/src/a.ts', source: '@mark\nexport class A {}\n' },
  {
    rule: 'stele(no-global-container)',
    file: 'core/server/src/b.ts',
    source: "export { y };\nimport { container as y } from 'tsyringe';\n",
  },
  {
    rule: 'stele(no-global-container)',
    file: 'core/server/src/c.ts',
    source: "import * as di from 'tsyringe';\nexport { di };\n",
  },
  {
    rule: 'stele(no-shell)',
    file: 'core/cli/src/a.ts',
    source: "import { execSync } from 'node:child_process';\nexecSync('ls');\n",
  },
  {
    rule: 'stele(no-shell)',
    file: 'core/cli/src/b.ts',
    source: "import * as cp from 'child_process';\nexport { cp };\n",
  },
  { rule: 'stele(no-shell)', file: 'core/cli/src/c.ts', source: 'export const options = { shell: true };\n' },
  {
    rule: 'stele(no-shell)',
    file: 'core/cli/src/d.ts',
    source: "import { spawn } from 'node:child_process';\nspawn('sh', ['-c', 'ls']);\n",
  },
  {
    rule: 'stele(no-shell)',
    file: 'core/cli/src/e.ts',
    source: "import { spawn } from 'node:child_process';\nspawn('ls', { shell: '/bin/sh' });\n",
  },
  {
    rule: 'stele(no-swallow)',
    file: 'core/cli/src/f.ts',
    source: 'try {\n  console.log(1);\n} catch {\n  // never mind\n}\n',
  },
  {
    rule: 'stele(no-swallow)',
    file: 'core/cli/src/g.ts',
    source: "await fetch('x').catch(() => undefined);\n",
  },
  {
    rule: 'eslint(max-lines-per-function)',
    file: 'core/cli/src/h.ts',
    source: `export function f(out: number[]): void {\n${long}\n}\n`,
  },
  { rule: 'eslint(max-lines)', file: 'core/cli/src/i.ts', source: lines(401) },
  { rule: 'typescript(no-explicit-any)', file: 'core/cli/src/j.ts', source: 'export const a: any = 1;\n' },
  {
    rule: 'typescript(no-floating-promises)',
    file: 'core/cli/src/k.ts',
    source: 'export const f = async () => 1;\nf();\n',
  },
  {
    rule: 'typescript(no-misused-promises)',
    file: 'core/cli/src/l.ts',
    source: 'const f = async () => true;\nexport const g = () => (f() ? 1 : 2);\n',
  },
];

const clean: Readonly<Record<string, string>> = {
  'core/cli/src/absent.ts': "export const p = await fetch('x').catch(() => undefined);\n",
  'core/server/src/main.ts': "import { container } from 'tsyringe';\nexport { container };\n",
  'core/cli/src/clean.ts':
    "import { spawn } from 'node:child_process';\nexport const ls = () => spawn('ls', ['-l'], { shell: false });\n",
  'plugins/engines/podman/src/clean.ts': "import { definePlugin } from '@stele/sdk';\nexport default definePlugin;\n",
};

interface Finding {
  readonly code: string;
  readonly filename: string;
}

/** Runs the repository's own lint configuration over files at the given places of an otherwise empty repository. */
async function lint(files: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
  const repository = await mkdtemp(join(tmpdir(), 'stele-lint-'));
  try {
    await writeConfiguration(repository);
    for (const [path, source] of Object.entries(files)) await write(join(repository, path), source);
    return await runOxlint(repository);
  } finally {
    await rm(repository, { recursive: true });
  }
}

async function writeConfiguration(repository: string): Promise<void> {
  await symlink(join(root, 'node_modules'), join(repository, 'node_modules')); // where oxlint looks for its type checker
  const text = await readFile(join(root, '.oxlintrc.json'), 'utf8');
  await write(
    join(repository, '.oxlintrc.json'),
    text.replace('./scripts/lint/plugin.ts', join(root, 'scripts/lint/plugin.ts')),
  );
  await write(join(repository, 'tsconfig.json'), await readFile(join(root, 'tsconfig.base.json'), 'utf8'));
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function runOxlint(cwd: string): Promise<readonly Finding[]> {
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
  const { promise, resolve, reject } = Promise.withResolvers<readonly Finding[]>();
  execFile(process.execPath, [oxlint, '--type-aware', '--format=json'], { cwd }, (error, stdout, stderr) => {
    if (stdout === '') reject(new Error(stderr, { cause: error }));
    else resolve((JSON.parse(stdout) as { diagnostics: Finding[] }).diagnostics);
  });
  return promise;
}

describe('lint', () => {
  let findings: readonly Finding[];

  before(async function () {
    this.timeout(60_000);
    const bad = Object.fromEntries(violations.map(({ file, source }) => [file, source]));
    findings = await lint({ ...bad, ...clean });
  });

  for (const { rule, file, source } of violations) {
    it(`finds ${rule} in ${JSON.stringify(source.slice(0, 60))} of ${file}`, () => {
      const codes = findings.filter(({ filename }) => filename === file).map(({ code }) => code);
      assert.ok(codes.includes(rule), `found only: ${codes.join(', ')}`);
    });
  }

  it('finds nothing in what is allowed', () => {
    assert.deepEqual(
      findings.filter(({ filename }) => filename in clean),
      [],
    );
  });
});
