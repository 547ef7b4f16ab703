import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Computing, KeyItem } from '@stele/sdk/api';
import { type ApiClient, Platform } from '../../e2e/lib/index.ts';
import { account } from '../../ssh/sshd.ts';
import { cpuOf } from '../processes.ts';
import { percentile } from './contest.ts';
import { never, type World } from './world.ts';

const together = 500;
const each = 10;
const entries = 50;
/** Listings a second of the one published figure for such a gateway. */
const published = 195;

/** Clients of the API that each list a folder behind SSH, again and again. */
export async function clients(world: World): Promise<string[][]> {
  const folder = join(world.folder, 'home');
  await mkdir(folder);
  for (let index = 0; index < entries; index += 1) await writeFile(join(folder, `run-${index}.log`), 'done');
  execFileSync('chown', ['-R', account, world.folder]);
  const rows = await crowd('by SSH alone', process.pid, () => listAlone(world, folder));
  await using platform = await Platform.start({ site: {} });
  const api = await platform.logIn();
  const storage = await addStorage(api, world, folder);
  const list = async () =>
    (await api.must<{ items: unknown[] }>('GET', `/storages/${storage}/files?path=`)).items.length;
  return [...rows, ...(await crowd('through the API', platform.pid, list))];
}

/** What the API does for each listing, without the platform around it. */
async function listAlone(world: World, folder: string): Promise<number> {
  await using host = await world.again();
  return (await host.files(folder).list('', {}, never)).items.length;
}

/**
 * 500 at a time: each asks again as soon as it is answered; then each at its own pace, together as often as was published.
 * @param pid the process that lists
 * @param list how many entries it sees
 */
async function crowd(where: string, pid: number, list: () => Promise<number>): Promise<string[][]> {
  const timed = async (): Promise<number> => {
    const start = performance.now();
    const seen = await list();
    if (seen !== entries) throw new Error(`${seen} entries were listed`);
    return performance.now() - start;
  };
  await Promise.all(Array.from({ length: together }, timed));
  return [
    ...(await figures(`${together} clients ${where}, without a pause`, pid, () => inTurn(timed))),
    ...(await figures(`${together} clients ${where}, ${published} a second asked`, pid, (index) =>
      paced(timed, index),
    )),
  ];
}

/** @param client milliseconds of each listing of a client, by the client's number */
async function figures(what: string, pid: number, client: (index: number) => Promise<number[]>): Promise<string[][]> {
  const [start, before] = [performance.now(), cpuOf(pid)];
  const took = await Promise.all(Array.from({ length: together }, (_, index) => client(index)));
  const rate = (together * each) / ((performance.now() - start) / 1000);
  return [
    [`${what}: listings a second`, rate.toFixed(0), `${published}`],
    ['p50', `${percentile(took.flat(), 0.5).toFixed(0)} ms`, '< 900 ms'],
    ['p99', `${percentile(took.flat(), 0.99).toFixed(0)} ms`, ''],
    ['CPU of a listing', `${((cpuOf(pid) - before) / (together * each)).toFixed(2)} ms`, ''],
  ];
}

async function inTurn(timed: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let left = each; left > 0; left -= 1) times.push(await timed());
  return times;
}

/** Asks at its moment of each round, or as soon as the one before is answered: then the time it is late counts, too. */
async function paced(timed: () => Promise<number>, index: number): Promise<number[]> {
  const start = performance.now();
  const times: number[] = [];
  for (let round = 0; round < each; round += 1) {
    const due = start + ((round * together + index) * 1000) / published;
    await sleep(Math.max(0, due - performance.now()));
    times.push(Math.max(0, performance.now() - due) + (await timed()));
  }
  return times;
}

/** A storage that is reached by SSH with the user's own key. */
async function addStorage(api: ApiClient, { sshd }: World, base: string): Promise<string> {
  const hostKeys = [(await sshd.text('host.pub')).trim().split(' ').slice(0, 2).join(' ')];
  const { id: computing } = await api.must<Computing>('POST', '/computing', {
    name: 'Cluster',
    driver: 'slurm',
    access: 'ssh',
    auth: 'user-keys',
    accessConf: { host: '127.0.0.1', port: sshd.port, hostKeys },
    owner: { kind: 'platform' },
  });
  await api.must('PUT', `/accounts/${computing}`, { username: account });
  // The key is made when it is needed first.
  await api.must('POST', `/accounts/${computing}/check`);
  const [key] = await api.items<KeyItem>('/keys');
  const authorized = join(sshd.folder, 'keys', account);
  if (key === undefined) throw new Error('there is no key');
  if (!(await readFile(authorized, 'utf8')).includes(key.publicKey)) await appendFile(authorized, `${key.publicKey}\n`);
  const { id } = await api.must<{ id: string }>('POST', '/storages', {
    name: 'Home',
    backend: 'posix',
    access: 'computing',
    auth: 'user-keys',
    computing,
    conf: { base },
    owner: { kind: 'platform' },
  });
  return id;
}
