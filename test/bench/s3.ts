/**
 * `npm run bench:s3`: files of a folder to a bucket and back, by what stages them for tasks, beside `rclone copy`, in turn, on one
 * Ceph gateway with one disk in memory, over TLS on the loopback, as many files at a time for both; and what memory a large file
 * takes. Needs root. A few minutes; `-- large` or another name measures that row alone.
 */
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import accessLocal from '@stele/access-local';
import { AccessMethods, type FileTree } from '@stele/sdk';
import { testCall } from '@stele/sdk/testing';
import { survey } from '../../core/server/src/staging/survey.ts';
import { atOnce, transfer } from '../../core/server/src/staging/transfer.ts';
import { activate } from '../activate.ts';
import { bringCeph, ceph, endCeph, tree } from '../ceph/ceph-world.ts';
import { backendOf, clients, Store, storageAt } from '../storage/s3-world.ts';
import { Runner } from './runner.ts';
import { rates } from './ssh/contest.ts';
import { MemoryWatch } from './ssh/memory-watch.ts';
import { mebibytes, table } from './table.ts';

const run = promisify(execFile);
const mebibyte = 1024 ** 2;
/** How often a file is moved to see whether memory grows. */
const again = 4;
const never = new AbortController().signal;
/** As rclone sees it in its tree. */
const inside = '/tmp/stele-bench';

const reason = await bringCeph();
if (reason !== undefined) throw new Error(reason);
await using owned = new AsyncDisposableStack();
const runner = owned.use(new Runner());
owned.defer(endCeph);
owned.use(clients);
const folder = join(tree, inside);
await mkdir(folder, { recursive: true });
owned.defer(() => rm(folder, { recursive: true, force: true }));
await run('mount', ['-t', 'tmpfs', '-o', 'size=4g', 'stele-bench', folder]);
owned.defer(async () => void (await run('umount', [folder])));
await writeFile(join(folder, 'ca.pem'), ceph.certificate());

const store = owned.use(new Store(ceph));
const bucket = await store.makeBucket();
const unlimited = testCall({ signal: never });
const storage = owned.use(await backendOf(ceph).open(storageAt(bucket, {}, {}, ceph), unlimited));
const access = (await activate(accessLocal)).get(AccessMethods, 'local');
const host = owned.use(await access.open({ resource: 'bench', conf: {}, auth: 'none' }, unlimited));
const files = host.files(folder);

// Requests take less of the processor once their code has been compiled, which short rounds would mostly measure.
const sizes = [
  { what: 'one file of 256 MiB', name: 'large', count: 1, bytes: 256 * mebibyte, rounds: 3 },
  { what: '16 files of 8 MiB', name: 'some', count: 16, bytes: 8 * mebibyte, rounds: 5 },
  { what: '200 files of 64 KiB', name: 'small', count: 200, bytes: mebibyte / 16, rounds: 9 },
] as const;

const only = process.argv[2];
const rows: string[][] = [];
const memory: string[][] = [];
// First: what a process has once held it keeps, and nobody sees it held again.
if (only === undefined || only === 'memory') memory.push(...(await held(again)));
for (const size of sizes) if (only === undefined || only === size.name) rows.push(...(await contest(size)));
for (const { path } of (await storage.list('', {}, never)).items) await storage.remove(path, never);
console.log(`\nS3 by Ceph’s gateway, TLS, loopback; medians of rounds in turn\n`);
if (rows.length > 0) console.log(table([['', 'ours', 'rclone', 'ours / rclone'], ...rows]));
if (memory.length > 0) {
  const head = ['most in memory, MiB beyond before', 'once', `${again} times`, 'then in use'];
  console.log(`\n${table([head, ...memory])}`);
}

async function contest({ what, name, count, bytes, rounds }: (typeof sizes)[number]): Promise<string[][]> {
  await fill(join(folder, name), count, bytes);
  const all = (count * bytes) / mebibyte;
  const options = ['--transfers', `${atOnce(await survey(files, name, never))}`];
  const up = {
    what: `${what} up`,
    ours: () => copy(files, name, storage, `ours-${name}`),
    theirs: () => rclone(`${inside}/${name}`, `bed:${bucket}/theirs-${name}`, options),
  };
  const down = {
    what: `${what} down`,
    ours: () => copy(storage, `ours-${name}`, files, 'ours'),
    theirs: () => rclone(`bed:${bucket}/ours-${name}`, `${inside}/theirs`, options),
  };
  const both = [await rates(up, all, rounds), await rates(down, all, rounds)];
  console.error(`${what}: done`);
  await clear(name);
  return both;
}

/** The most that was in memory beyond before, when a large file had been moved once, and when it had been some times. */
async function held(times: number): Promise<string[][]> {
  await fill(join(folder, 'held'), 1, 256 * mebibyte);
  const ways = [
    { what: 'up', move: () => copy(files, 'held', storage, 'held') },
    { what: 'down', move: () => copy(storage, 'held', files, 'ours') },
  ];
  const found: string[][] = [];
  for (const { what, move } of ways) {
    using watch = new MemoryWatch();
    await move();
    const once = watch.peak;
    for (let more = 1; more < times; more += 1) await move();
    found.push([`one file of 256 MiB ${what}`, mebibytes(once), mebibytes(watch.peak), mebibytes(watch.left().used)]);
  }
  await clear('held');
  await storage.remove('held', never);
  return found;
}

async function clear(name: string): Promise<void> {
  for (const each of [name, 'ours', 'theirs']) await rm(join(folder, each), { recursive: true, force: true });
}

async function fill(into: string, count: number, bytes: number): Promise<void> {
  await mkdir(into, { recursive: true });
  for (let index = 0; index < count; index += 1) await writeFile(join(into, `${index}`), pieces(bytes, `${index}.`));
}

/** Never more than a piece in memory, which is measured afterwards. */
function* pieces(bytes: number, text: string): Generator<Buffer> {
  const piece = Buffer.alloc(Math.min(bytes, mebibyte), text);
  for (let left = bytes; left > 0; left -= piece.length) yield piece;
}

async function copy(from: FileTree, root: string, to: FileTree, target: string): Promise<void> {
  const wish = { from, root, survey: await survey(from, root, never), to, target };
  await transfer({ ...wish, isThere: () => false, moved: () => undefined, done: () => undefined }, never);
}

/** As it comes, all files anew. */
async function rclone(from: string, to: string, more: readonly string[]): Promise<void> {
  const { accessKeyId, secretAccessKey } = ceph.keys;
  const bed = { TYPE: 's3', PROVIDER: 'Ceph', ENDPOINT: ceph.endpoint };
  const keys = { ACCESS_KEY_ID: accessKeyId, SECRET_ACCESS_KEY: secretAccessKey };
  const env = Object.fromEntries(
    Object.entries({ ...bed, ...keys }).map(([name, value]) => [`RCLONE_CONFIG_BED_${name}`, value]),
  );
  const options = ['--ca-cert', `${inside}/ca.pem`, '--ignore-times', '--config', '', ...more];
  const argv = ['chroot', tree, 'rclone', 'copy', ...options, from, to];
  await runner.run({ argv, env: { PATH: '/usr/sbin:/usr/bin', ...env } });
}
