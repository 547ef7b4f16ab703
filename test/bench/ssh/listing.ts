import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { account } from '../../ssh/sshd.ts';
import { pause } from '../processes.ts';
import { mebibytes, median } from '../table.ts';
import { MemoryWatch } from './memory-watch.ts';
import { never, type World } from './world.ts';

const count = 100_000;
const rounds = 5;
/** Milliseconds after which nothing of a listing is kept for its further pages. */
const keeping = 31_000;

interface Figures {
  readonly first: number;
  readonly all: number;
  readonly cpu: number;
  /** What `sftp` takes for the same names, unsorted, without a look at anything else. */
  readonly theirs: number;
}

/** A folder of 100,000 entries, page by page, each by a tree of its own as the API does it. */
export async function listing(world: World): Promise<string[][]> {
  const big = join(world.folder, 'big');
  mkdirSync(big);
  for (let index = 0; index < count; index += 1) writeFileSync(join(big, `result-${index}.dat`), '');
  execFileSync('chown', ['-R', account, world.folder]);
  await pause(3_000);
  using memory = new MemoryWatch();
  const seen: Figures[] = [];
  const peaks: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    seen.push(await measure(world, big));
    peaks.push(memory.peak);
  }
  const of = (pick: (figures: Figures) => number) => median(seen.slice(1).map(pick));
  const kept = memory.left();
  await pause(keeping);
  const left = memory.left();
  return [
    [`first 1,000 of ${count} entries`, `${of(({ first }) => first).toFixed(0)} ms`, '< 500 ms'],
    [`all of them`, `${of(({ all }) => all).toFixed(0)} ms`, '< 3000 ms'],
    ['CPU of that here', `${of(({ cpu }) => cpu).toFixed(0)} ms`, ''],
    ['most memory beyond before, in one round', `${mebibytes(peaks[0] ?? 0)} MiB`, 'flat'],
    [`the same in ${peaks.length}`, `${mebibytes(peaks.at(-1) ?? 0)} MiB`, ''],
    ['of it used right after the last', `${mebibytes(kept.used)} MiB`, ''],
    ['half a minute later: used, resident', `${mebibytes(left.used)}, ${mebibytes(left.resident)} MiB`, 'used: 0 MiB'],
    ['`ls -1f` of OpenSSH’s sftp', `${of(({ theirs }) => theirs).toFixed(0)} ms`, ''],
  ];
}

async function measure(world: World, big: string): Promise<Figures> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const first = await listAll(world);
  const [all, { user, system }] = [performance.now() - start, process.cpuUsage(before)];
  const from = performance.now();
  await world.sftp(`ls -1f ${big}`);
  return { first, all, cpu: (user + system) / 1000, theirs: performance.now() - from };
}

/** @returns milliseconds until the first page was there */
async function listAll(world: World): Promise<number> {
  const start = performance.now();
  let page = await world.host.files(world.folder).list('big', { limit: 1_000 }, never);
  const first = performance.now() - start;
  let entries = page.items.length;
  while (page.next !== undefined) {
    page = await world.host.files(world.folder).list('big', { limit: 1_000, cursor: page.next }, never);
    entries += page.items.length;
  }
  if (entries !== count) throw new Error(`${entries} entries were listed`);
  return first;
}
