/**
 * `npm run bench`: the gateway beside nginx, a bare pipe, http-proxy-middleware and configurable-http-proxy, in front of
 * the same server under the same load; what a start, a call of the API and a launch cost; then SSH beside OpenSSH, S3 beside rclone,
 * Slurm beside bare `sbatch` and Kubernetes beside `kubectl`. Loopback only; about half an hour. `--quick` takes two minutes for the gateway; the words
 * `requests`, `bulk`, `sockets`, `platform`, `ssh`, `s3`, `slurm` and `kubernetes` choose parts.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Start, backend, proxies } from './contestants.ts';
import { type BulkFigures, type RequestFigures, bulk, requests, sockets } from './measures.ts';
import { type Contestant, local } from './processes.ts';
import { kibibytes, mebibytes, median, table } from './table.ts';
import { installTools } from './tools.ts';
import { wrk } from './wrk.ts';

const isQuick = process.argv.includes('--quick');
const chosen = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const rounds = isQuick ? 1 : 3;
const seconds = isQuick ? 2 : 4;
const socketCount = 2000;

const parts = {
  requests: requestTable,
  bulk: bulkTable,
  sockets: socketTable,
  platform: platformTable,
  ssh: () => bedTable('ssh'),
  s3: () => bedTable('s3'),
  slurm: () => bedTable('slurm'),
  kubernetes: () => bedTable('kubernetes'),
};

const scratch = mkdtempSync(join(tmpdir(), 'stele-bench-'));
try {
  for (const [name, part] of Object.entries(parts)) {
    if (chosen.length === 0 || chosen.includes(name)) await part();
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Runs `measure` on each contestant, `times` times in turn, so that what the machine does besides hits all alike. */
async function inTurn<T>(times: number, measure: (one: Contestant) => Promise<T>): Promise<Map<string, T[]>> {
  installTools();
  const seen = new Map<string, T[]>();
  const note = (name: string, figures: T): void => void seen.set(name, [...(seen.get(name) ?? []), figures]);
  for (let round = 0; round < times; round += 1) {
    await using target = await backend();
    note('backend alone', await measure(target));
    for (const [name, start] of proxies(scratch)) note(name, await measureOne(start, target.port, measure));
  }
  return seen;
}

async function measureOne<T>(start: Start, target: number, measure: (one: Contestant) => Promise<T>): Promise<T> {
  await using contestant = await start(target);
  return await measure(contestant); // Not before it is measured is it ended.
}

/** That of `npm run bench:platform`. */
async function platformTable(): Promise<void> {
  console.log(`\nThe platform, in front of a driver that does nothing\n`);
  execFileSync(process.execPath, ['--conditions=source', local('platform.ts')], { stdio: 'inherit' });
}

/** That of a benchmark that is a program of its own and brings up a bed, for which it needs root. */
async function bedTable(name: string): Promise<void> {
  if (process.getuid?.() !== 0) return console.log(`\n${name} is left out: its bed needs root`);
  const options = ['--conditions=source', '--expose-gc'];
  execFileSync(process.execPath, [...options, local(`${name}.ts`)], { stdio: 'inherit' });
}

async function requestTable(): Promise<void> {
  type Row = RequestFigures & { alone50: number; alone99: number };
  const seen = await inTurn<Row>(rounds, async (one) => {
    const many = await requests(one, seconds);
    const single = await wrk(one, 1, 2);
    return { ...many, alone50: single.p50, alone99: single.p99 };
  });
  const of = (name: string, pick: (row: Row) => number): number => median((seen.get(name) ?? []).map(pick));
  const base = { p50: of('backend alone', (row) => row.alone50), p99: of('backend alone', (row) => row.alone99) };
  const [pipe, chp] = ['bare pipe', 'configurable-http-proxy'].map((name) => of(name, (row) => row.cpu));
  const rows = [...seen.keys()].map((name) => {
    const cpu = of(name, (row) => row.cpu);
    const added = [of(name, (row) => row.alone50) - base.p50, of(name, (row) => row.alone99) - base.p99];
    const ratios = [cpu / (pipe ?? Number.NaN), cpu / (chp ?? Number.NaN)].map((ratio) => ratio.toFixed(2));
    return [
      name,
      of(name, (row) => row.perSecond).toFixed(0),
      cpu.toFixed(0),
      ...ratios,
      ...added.map((us) => us.toFixed(0)),
    ];
  });
  console.log(`\nRequests: 1 KiB answers; 32 connections for rate and CPU, 1 for latency; median of ${rounds}\n`);
  console.log(table([['', 'req/s', 'CPU µs/req', '× pipe', '× chp', '+p50 µs', '+p99 µs'], ...rows]));
}

async function bulkTable(): Promise<void> {
  for (const mode of ['down', 'up'] as const) {
    const seen = await inTurn<BulkFigures>(rounds, (one) => bulk(one, mode));
    const of = (name: string, pick: (row: BulkFigures) => number): number => median((seen.get(name) ?? []).map(pick));
    const nginx = of('nginx', (row) => row.rate);
    const rows = [...seen.keys()].map((name) => {
      const rate = of(name, (row) => row.rate);
      const memory = [of(name, (row) => row.peak), of(name, (row) => row.growth)].map(mebibytes);
      return [name, rate.toFixed(0), (rate / nginx).toFixed(2), of(name, (row) => row.cpu).toFixed(0), ...memory];
    });
    console.log(`\n1 GiB ${mode}, one connection; median of ${rounds}\n`);
    console.log(table([['', 'MB/s', '× nginx', 'CPU ms', 'peak MiB', 'of it late'], ...rows]));
  }
}

async function socketTable(): Promise<void> {
  const [fresh, busy] = [await socketMemory(0), await socketMemory(3)];
  const rows = [...fresh].map(([name, [figure]]) => [
    name,
    ...[figure, busy.get(name)?.[0]].map((bytes) => kibibytes(bytes ?? Number.NaN)),
  ]);
  console.log(`\n${socketCount} idle WebSockets: resident memory of the proxy for each\n`);
  console.log(table([['', 'KiB, just started', 'KiB, after traffic'], ...rows]));
}

function socketMemory(busy: number): Promise<Map<string, number[]>> {
  return inTurn(1, (one) =>
    sockets(one, socketCount, busy).catch((error: unknown) => {
      console.error(`${one.name} does not hold ${socketCount} WebSockets:`, error);
      return Number.NaN;
    }),
  );
}
