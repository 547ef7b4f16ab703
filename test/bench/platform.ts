/**
 * `npm run bench:platform`: how long a start takes, how much the first page weighs, what an API call and a launch cost when
 * there are a thousand tasks, and what looking after them costs. The driver does nothing, so that only the platform's own work is seen. About two minutes.
 */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Task } from '@stele/sdk/api';
import { type ApiClient, Platform, root } from '../e2e/lib/index.ts';
import { cpuOf } from './processes.ts';
import { median, table } from './table.ts';

const taskCount = 1000;
const callCount = 200;
/** Calls before that: until V8 has compiled what they run, each costs up to three times as much. */
const warmingUp = 1000;
const together = 20;

const site = {
  pluginFolders: { development: [join(root, 'test/bench/null-driver')] },
  resources: {
    computing: [{ name: 'Nowhere', driver: 'nothing', access: 'local', auth: 'none' }],
    software: [{ name: 'Nothing', registry: 'localhost', image: 'nothing', port: 80, protocol: 'nothing' }],
  },
};

await using platform = await Platform.start({ site });
const starts = await restarts(platform);
const api = await platform.logIn();
const rows: [string, string, string][] = [
  ['figure', 'measured', 'target'],
  ['start on an existing database to the first answered page', `${median(starts).toFixed(0)} ms`, '≤ 2000 ms'],
  ['JavaScript of the first page, compressed', `${((await firstPage(api)) / 1000).toFixed(0)} kB`, '≤ 150 kB'],
];
const launches = await launchAll(api);
rows.push(['launches a second', launches.rate.toFixed(0), '≥ 20'], ['CPU of a launch', ms(launches.cpu), '']);
const care = await careFor(60_000);
rows.push(
  ['looks at the resource in 10 s, all running', care.looks.toFixed(1), '≤ 1'],
  ['CPU of looking after them, share of a core', `${(care.share * 100).toFixed(1)} %`, '≤ 5 %'],
);
const [one] = (await api.get<{ items: Task[] }>('/tasks?limit=1')).body.items;
for (const path of ['/session', '/software', '/tasks', `/tasks/${one?.id}`]) {
  const name = path.length > 20 ? '/tasks/:id' : path;
  rows.push([`CPU of GET ${name}, ${taskCount} tasks`, ms(await costOf(api, path)), '≤ 2 ms']);
}
console.log(table(rows));

/** Milliseconds from the command to the page, a few times. */
async function restarts(platform: Platform): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await platform.stop();
    const from = performance.now();
    await platform.start();
    const page = await fetch(platform.url, { headers: { Accept: 'text/html' } });
    await page.text();
    times.push(performance.now() - from);
  }
  return times;
}

/** Bytes of JavaScript that the page and the panel it opens on fetch, as they are sent. */
async function firstPage(api: ApiClient): Promise<number> {
  const html = await (await fetch(api.origin, { headers: { Accept: 'text/html' } })).text();
  const { panels } = (await api.get<{ panels: { id: string; module: string }[] }>('/ui')).body;
  const home = panels.find(({ id }) => id === 'panel-tasks/tasks')?.module ?? '';
  const queue = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? '');
  const seen = new Set([...queue, home]);
  const map = JSON.parse(/<script type="importmap"[^>]*>(.*?)<\/script>/.exec(html)?.[1] ?? '{}') as {
    imports: Record<string, string>;
  };
  let bytes = 0;
  for (const path of seen) {
    const text = await (await fetch(api.origin + path)).text();
    bytes += gzipSync(text).length;
    for (const [, name = ''] of text.matchAll(/(?:from|import)\s*"([^"]+)"/g)) {
      seen.add(map.imports[name] ?? new URL(name, api.origin + path).pathname);
    }
  }
  return bytes;
}

async function launchAll(api: ApiClient): Promise<{ rate: number; cpu: number }> {
  const { software, computing } = await idsOf(api);
  const [from, before] = [performance.now(), cpuOf(platform.pid)];
  for (let done = 0; done < taskCount; done += together) {
    await Promise.all(Array.from({ length: together }, () => api.post('/tasks', { software, computing })));
  }
  await settled(api);
  const seconds = (performance.now() - from) / 1000;
  return { rate: taskCount / seconds, cpu: (cpuOf(platform.pid) - before) / taskCount };
}

/** What the platform does when nothing happens: looks in ten seconds, and the share of a core. */
async function careFor(milliseconds: number): Promise<{ looks: number; share: number }> {
  const looks = async (): Promise<number> =>
    (await api.must<{ observations: number }>('GET', '/plugins/null-driver/')).observations;
  // What is left over from the launches is no part of it.
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  const before = await looks();
  const { cpu, wall } = await spent(() => new Promise((resolve) => setTimeout(resolve, milliseconds)));
  return { looks: (((await looks()) - before) * 10_000) / wall, share: cpu / wall };
}

async function idsOf(api: ApiClient): Promise<{ software: string; computing: string }> {
  const first = async (path: string): Promise<string> =>
    (await api.get<{ items: { id: string }[] }>(path)).body.items[0]?.id ?? '';
  return { software: await first('/software'), computing: await first('/computing') };
}

/** Until every task runs and is ready. */
async function settled(api: ApiClient): Promise<void> {
  for (let left = 120; left > 0; left -= 1) {
    const { items } = (await api.get<{ items: Task[] }>(`/tasks?limit=${taskCount}`)).body;
    if (items.length === taskCount && items.every(({ ready }) => ready)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('The tasks did not all become ready within a minute.');
}

/** Milliseconds of CPU for one call, what goes on besides taken off. */
async function costOf(api: ApiClient, path: string): Promise<number> {
  for (let n = 0; n < warmingUp; n += 1) await api.get(path);
  const idle = await spent(() => new Promise((resolve) => setTimeout(resolve, 2000)));
  const calls = await spent(async () => {
    for (let n = 0; n < callCount; n += 1) await api.get(path);
  });
  return (calls.cpu - idle.cpu * (calls.wall / idle.wall)) / callCount;
}

async function spent(work: () => Promise<void>): Promise<{ cpu: number; wall: number }> {
  const [from, before] = [performance.now(), cpuOf(platform.pid)];
  await work();
  return { cpu: cpuOf(platform.pid) - before, wall: performance.now() - from };
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
