/** Writes those parts of docs/ that are made from the code. `--check` writes nothing and fails when one is old. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { referencePages } from './lib/docs/pages.ts';
import { root } from './lib/run.ts';

const isCheck = process.argv.includes('--check');
const old = (await referencePages()).filter(({ path, text }) => readFileSync(path, 'utf8') !== text);
for (const { path, text } of old) {
  if (!isCheck) writeFileSync(path, text);
  process.stdout.write(`${isCheck ? 'old' : 'written'}: ${relative(root, path)}\n`);
}
if (isCheck && old.length > 0) {
  process.stderr.write(`Run: node ${join('scripts', 'docs-reference.ts')}\n`);
  process.exitCode = 1;
}
