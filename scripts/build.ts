/** Builds everything that is stale: TypeScript projects, settings schemas, the page. `npm run build` */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, timed } from './lib/run.ts';
import { writeSettingsSchemas } from './lib/settings-schemas.ts';
import { buildWeb } from './lib/web.ts';

const started = new Date();
await timed('types and server code', () => run('node_modules/.bin/tsc', ['-b', ...process.argv.slice(2)]));
await timed('settings schemas', writeSettingsSchemas);
await timed('page', buildWeb);
markBuilt(started);

/** The launcher compares sources with this file's time: what changed while we built counts as newer. */
function markBuilt(at: Date): void {
  const cache = join(root, '.cache');
  const stamp = join(cache, 'built');
  mkdirSync(cache, { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, at, at);
}
