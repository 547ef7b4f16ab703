import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as sdk from '@stele/sdk';
import { TaskOutcome, TaskPhase } from '@stele/sdk/api';
import * as kits from '@stele/sdk/testing';
import { referencePages } from '../../scripts/lib/docs/pages.ts';
import { statusOf } from '../../sdk/src/web/phase.ts';
import { docs, pages, pageText, root } from './snippets.ts';

describe('docs', () => {
  it('have their made parts fresh (node scripts/docs-reference.ts)', async () => {
    for (const { path, text } of await referencePages()) assert.equal(readFileSync(path, 'utf8'), text, path);
  });

  it('explain exactly the codes of the plugin host', () => {
    assert.deepEqual(columns('operators/troubleshooting.md', 'Codes of plugins', 1).slice(0, codes().length), codes());
  });

  it('explain exactly the codes of broken panels', () => {
    const [, list = ''] = /readonly code: ('PANEL[^;]*);/.exec(source('core/web/src/panel-loader.ts')) ?? [];
    const found = columns('operators/troubleshooting.md', 'Codes of plugins', 1).slice(codes().length);
    assert.deepEqual(found, wordsIn(list));
  });

  it('explain exactly the codes of the API, with their status', () => {
    const [, list = ''] = /const statuses[^{]*\{([^}]*)\}/.exec(source('core/server/src/http/problem.ts')) ?? [];
    const known = [...list.matchAll(/(\w+): (\d+)/g)].map(([, code, status]) => `${code} ${status}`);
    const told = columns('operators/troubleshooting.md', 'Codes of the API', 2);
    assert.deepEqual(told.toSorted(), known.toSorted());
  });

  it('explain exactly the codes of the contract', () => {
    const [, list = ''] = /export type ErrorCode =([^;]*);/.exec(source('sdk/src/errors.ts')) ?? [];
    assert.deepEqual(columns('authors/contract.md', 'Errors', 1), wordsIn(list));
  });

  it('explain every state that a task can show', () => {
    const live = TaskPhase.enum.filter((phase) => phase !== 'ended' && phase !== 'running');
    const words = [
      ...live.map((phase) => statusOf({ phase, ready: false }).word),
      statusOf({ phase: 'submitting', ready: false, staging: { in: { state: 'moving' } } as never }).word,
      ...[false, true].map((ready) => statusOf({ phase: 'running', ready }).word),
      ...TaskOutcome.enum.map((outcome) => statusOf({ phase: 'ended', outcome, ready: false }).word),
    ];
    assert.deepEqual(columns('users/README.md', 'What the states mean', 1).toSorted(), words.toSorted());
  });

  it('name every conformance kit', () => {
    const known = Object.keys(kits).filter((name) => name.startsWith('describe'));
    assert.deepEqual(columns('authors/testing.md', 'Conformance kits', 1).toSorted(), known.toSorted());
  });

  it('name every extension point and service of the core', () => {
    const symbols = Object.entries(sdk).filter(([, value]) => typeof value === 'symbol');
    const isPoint = ([, value]: [string, unknown]): boolean => String(value).includes('stele:point:');
    const names = (entries: typeof symbols): string[] => entries.map(([name]) => name).toSorted();
    assert.deepEqual(columns('authors/contract.md', 'Extension points', 1).toSorted(), names(symbols.filter(isPoint)));
    const services = columns('authors/contract.md', 'Services', 1).toSorted();
    assert.deepEqual(services, names(symbols.filter((entry) => !isPoint(entry))));
  });

  it('list every decision', () => {
    const files = pages()
      .filter((page) => /^decisions\/\d/.test(page))
      .map((page) => page.slice('decisions/'.length));
    const listed = [...pageText('decisions/README.md').matchAll(/\]\((\d{4}-[a-z0-9-]+\.md)\)/g)].map(
      ([, file]) => file,
    );
    assert.deepEqual(listed, files);
  });

  for (const page of pages()) {
    it(`have no link that leads nowhere: ${page}`, () => {
      const text = pageText(page).replaceAll(/^```.*?^```$/gms, '');
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) assertLink(page, target);
    });
  }
});

function assertLink(page: string, target: string): void {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(docs, page) : join(docs, dirname(page), path);
  assert.ok(existsSync(file), `${page} → ${target}`);
  if (anchor === undefined) return;
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
  assert.ok(headings.includes(anchor), `${page} → ${target}`);
}

/** As GitHub makes them. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

/** The first cells of each row of all tables below a heading (to the next of its level), without marks of code. */
function columns(page: string, heading: string, count: number): readonly string[] {
  const text = pageText(page);
  const from = text.indexOf(`\n## ${heading}\n`);
  assert.ok(from >= 0, `${page} lacks “${heading}”`);
  const section = text.slice(from + 1).split(/\n## /)[0] ?? '';
  const rows = section.split('\n').filter((line, at, all) => line.startsWith('|') && !isHead(line, all[at + 1]));
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, count + 1)
      .map((cell) => cell.trim().replaceAll('`', ''))
      .join(' '),
  );
}

function isHead(line: string, next: string | undefined): boolean {
  return /^\|-+\|/.test(line) || (next !== undefined && /^\|-+\|/.test(next));
}

function source(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function wordsIn(list: string): string[] {
  return [...list.matchAll(/'(\w+)'/g)].map(([, word = '']) => word);
}

function codes(): string[] {
  return wordsIn(/export type PluginCode =([^;]*);/.exec(source('core/server/src/host/types.ts'))?.[1] ?? '');
}
