import { existsSync, globSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, run } from './run.ts';

const entry = 'core/web/build/main.ts';
const stamp = join(root, '.cache/web-built');
const inputs = [
  'package-lock.json',
  'core/web/{src,build,public}/**',
  'sdk/src/**',
  'plugins/*/*/{package.json,src/web/**}',
];

/** Bundles the page, the shared modules and the panels, when one of their sources is newer than the last bundle. */
export async function buildWeb(): Promise<void> {
  if (!existsSync(join(root, entry)) || !isStale()) return;
  await run(process.execPath, [entry]);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
}

function isStale(): boolean {
  if (!existsSync(stamp) || !existsSync(join(root, 'core/web/dist'))) return true;
  const builtAt = statSync(stamp).mtimeMs;
  return globSync(inputs, { cwd: root }).some((file) => statSync(join(root, file)).mtimeMs > builtAt);
}
