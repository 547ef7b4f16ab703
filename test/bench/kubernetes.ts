/**
 * `node --conditions=source --expose-gc test/bench/kubernetes.ts`: a thousand pods seen by one watch, launches beside bare API calls, and a
 * connection to a task beside `kubectl port-forward` to the same pod, in turn; on the little cluster of the tests. Needs root; about six
 * minutes. The words `watch`, `launch` and `forward` choose parts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ComputingResource, giveBack, type TaskHandle } from '@stele/sdk';
import { silentLog, testUser } from '@stele/sdk/testing';
import { DirectDialer } from '../../core/server/src/network/index.ts';
import { Cluster } from '../../plugins/computing/kubernetes/src/server/cluster.ts';
import { LogIns } from '../../plugins/computing/kubernetes/src/server/kubeconfig/log-in.ts';
import { directWay } from '../../plugins/computing/kubernetes/src/server/ways/direct.ts';
import { type Bed, closeBed, openBed } from '../kubernetes/lib/bed.ts';
import { Tasks } from '../kubernetes/lib/tasks.ts';
import { apiResource, Stage } from '../kubernetes/lib/world.ts';
import { median, mebibytes, table } from './table.ts';

const pods = 1_000;
const seconds = 60;
const mebibyte = 1024 ** 2;
const transfer = 512 * mebibyte;
/** Connections of one page. */
const several = 4;
const rounds = 7;
const launches = 15;

const parts = { watch: watching, launch: launching, forward: forwarding };
const chosen = process.argv.slice(2);

const bed = await openBed();
try {
  const rows: string[][] = [];
  for (const [name, part] of Object.entries(parts)) {
    if (chosen.length === 0 || chosen.includes(name)) rows.push(...(await part()));
  }
  console.log(`\n${table([['', 'measured', 'target'], ...rows])}`);
} finally {
  await closeBed();
}

/** A thousand tasks that wait for a node which isn't there, looked at every two seconds. */
async function watching(): Promise<string[][]> {
  const kubeconfig = await bed.kubeconfig('token');
  const resource = apiResource(kubeconfig, {
    namespace: 'bench',
    makeNamespaces: true,
    nodeSelector: { kind: 'none' },
  });
  const handles = await crowd(bed);
  await using stage = new Stage();
  const look = async (): Promise<number> => {
    const call = { who: testUser, signal: AbortSignal.timeout(30_000), log: console as never };
    const seen = await stage.driver.observe(resource, handles, call);
    return seen
      .values()
      .filter(({ phase }) => phase === 'queued')
      .toArray().length;
  };
  const start = performance.now();
  const count = await look();
  const listed = performance.now() - start;
  if (count !== pods) throw new Error(`${count} of ${pods} were seen`);
  await sleep(2_000);
  const [before, from] = [process.cpuUsage(), performance.now()];
  while (performance.now() - from < seconds * 1_000) {
    await look();
    await sleep(2_000);
  }
  const { user, system } = process.cpuUsage(before);
  const share = (user + system) / 1_000 / (performance.now() - from);
  await bed.kubectl('delete', 'namespace', 'bench', '--wait=false');
  return [
    [`${pods} pods: listed on start`, `${listed.toFixed(0)} ms`, '≤ 2000 ms'],
    [`${pods} pods: seen every 2 s`, `${(share * 100).toFixed(2)} % of a core`, '≤ 3 %'],
  ];
}

async function crowd({ apply }: Bed): Promise<readonly TaskHandle[]> {
  const keys = Array.from({ length: pods }, (_, at) => at.toString(36).padStart(16, '0'));
  await apply.call(bed, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bench' } });
  await sleep(2_000);
  for (let from = 0; from < pods; from += 250) {
    const items = keys.slice(from, from + 250).map((key) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `stele-${key}`, namespace: 'bench', labels: { 'stele.task': key } },
      spec: { nodeSelector: { kind: 'none' }, containers: [{ name: 'task', image: 'localhost/stele/tiny-task:1' }] },
    }));
    await bed.apply({ apiVersion: 'v1', kind: 'List', items });
  }
  await sleep(10_000);
  return keys.map((key) => ({ key, who: testUser }));
}

/** Tasks that no node takes, until the scheduler has said so: by the driver, and as one bare call to make such a pod. */
async function launching(): Promise<string[][]> {
  const conf = { namespace: 'launches', makeNamespaces: true, nodeSelector: { kind: 'none' } };
  await using tasks = new Tasks(apiResource(await bed.kubeconfig('token'), conf));
  const cluster = new Cluster(
    () =>
      directWay(
        { kubeconfig: tasks.resource.conf['kubeconfig'] as string },
        { direct: new DirectDialer(), logIns: new LogIns([]) },
      ),
    'launches',
    silentLog,
  );
  await using _ = cluster;
  const times: { own: number[]; bare: number[] } = { own: [], bare: [] };
  for (let round = -2; round < launches; round += 1) {
    const [own, bare] = [await timed(() => tasks.submit('true')), await timed(() => barePod(cluster))];
    // The first ones make the namespace, the watch, and the code warm.
    if (round < 0) continue;
    times.own.push(own);
    times.bare.push(bare);
  }
  await bed.kubectl('delete', 'namespace', 'launches', '--wait=false');
  const [mine, theirs] = [median(times.own), median(times.bare)];
  return [
    ['launch, until the scheduler’s answer', `${mine.toFixed(0)} ms`, ''],
    ['the bare call to make such a pod', `${theirs.toFixed(0)} ms`, ''],
    ['added', `${(mine - theirs).toFixed(0)} ms`, '≤ 100 ms'],
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** A pod and nothing beside it, seen by the same kind of watch until the scheduler has refused it. */
async function barePod(cluster: Cluster): Promise<void> {
  const key = randomUUID().replaceAll('-', '').slice(0, 16);
  const signal = AbortSignal.timeout(30_000);
  const store = await cluster.seen(signal);
  const api = await cluster.api();
  const place = { namespace: 'launches', name: `stele-${key}` };
  const body = {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { ...place, labels: { 'stele.task': key } } },
    spec: { nodeSelector: { kind: 'none' }, containers: [{ name: 'task', image: 'localhost/stele/tiny-task:1' }] },
  };
  await api.send({ method: 'POST', path: '/api/v1/namespaces/launches/pods', body }, signal);
  while (store.get(place)?.conditions['PodScheduled'] === undefined) await store.change(signal);
}

/** Half a gibibyte out of a pod: through the API by the driver and by kubectl, and, past the API, in the network of the pods. */
async function forwarding(): Promise<string[][]> {
  const conf = { makeNamespaces: true, memory: 64 * mebibyte, cpus: 1 };
  await using tasks = new Tasks(apiResource(await bed.kubeconfig('token'), conf));
  // A hole in a file of memory, which the kernel sends: BusyBox's own copying would be the slowest part of all.
  const task = await tasks.submit(
    `cd /dev/shm; truncate -s ${transfer} whole; truncate -s ${transfer / several} part; exec httpd -f -p 8080`,
  );
  await tasks.until(task, 'running');
  await sleep(1_000);
  await bed.tell('expose');
  const kubectl = await portForward(task.key);
  const within = { ...tasks.resource, conf: { ...tasks.resource.conf, reach: 'pods', networks: [bed.pods] } };
  const dialOwn = await dialing(tasks, tasks.resource, task);
  const dialKubectl: Dial = async () => connect(18_080, '127.0.0.1');
  const ways = {
    own: () => fetched(dialOwn, 'whole'),
    pods: async () => fetched(await dialing(tasks, within, task), 'whole'),
    kubectl: () => fetched(dialKubectl, 'whole'),
    ownSeveral: () => atOnce(dialOwn),
    kubectlSeveral: () => atOnce(dialKubectl),
  };
  const { speeds, grown } = await inTurn(ways);
  kubectl.kill();
  await bed.tell('hide');
  const [own, pods, others] = [median(speeds.own), median(speeds.pods), median(speeds.kubectl)];
  const [ownSeveral, othersSeveral] = [median(speeds.ownSeveral), median(speeds.kubectlSeveral)];
  return [
    ['port-forward', `${mebibytes(own)} MiB/s`, ''],
    ['kubectl port-forward', `${mebibytes(others)} MiB/s`, ''],
    ['against kubectl', `${(own / others).toFixed(2)} ×`, '≥ 1.5 ×'],
    [`port-forward, ${several} at once`, `${mebibytes(ownSeveral)} MiB/s`, ''],
    ['against kubectl', `${(ownSeveral / othersSeveral).toFixed(2)} ×`, ''],
    ['in the network of the pods', `${mebibytes(pods)} MiB/s`, ''],
    ['against kubectl', `${(pods / others).toFixed(2)} ×`, ''],
    ['memory grown by, forwarding', `${mebibytes(Math.max(grown.own, grown.ownSeveral))} MiB`, 'flat'],
    ['by, reading from kubectl', `${mebibytes(Math.max(grown.kubectl, grown.kubectlSeveral))} MiB`, ''],
  ];
}

type Dial = () => Promise<Duplex>;
/** Brings so many bytes. */
type Fetch = () => Promise<number>;

async function dialing(tasks: Tasks, resource: ComputingResource, task: TaskHandle): Promise<Dial> {
  const { address, via } = await tasks.stage.driver.reach(resource, task, tasks.call());
  return () => via.dial(address, tasks.call().signal);
}

/** Speeds by each way, and by how many bytes this process has grown at most while it was that way's turn. */
async function inTurn<K extends string>(
  ways: Readonly<Record<K, Fetch>>,
): Promise<{ readonly speeds: Record<K, number[]>; readonly grown: Record<K, number> }> {
  const names = Object.keys(ways) as K[];
  const speeds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  const grown = Object.fromEntries(names.map((name) => [name, 0])) as Record<K, number>;
  // The first ones warm up.
  for (const name of names) await speedOf(ways[name]);
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      const growth = watchMemory();
      speeds[name].push(await speedOf(ways[name]));
      grown[name] = Math.max(grown[name], growth());
    }
  }
  return { speeds, grown };
}

function watchMemory(): () => number {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  return () => {
    clearInterval(timer);
    return most - before;
  };
}

async function portForward(key: string): Promise<ChildProcess> {
  const args = ['--kubeconfig', bed.kubeconfigPath('token'), '--namespace=tasks', 'port-forward'];
  const child = spawn(bed.kubectlPath, [...args, `pod/stele-${key}`, '18080:8080'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  child.stdout?.resume();
  return child;
}

/** Bytes in a second. */
async function speedOf(fetch: Fetch): Promise<number> {
  await sleep(200);
  const start = performance.now();
  const length = await fetch();
  if (length < transfer) throw new Error(`only ${length} bytes came`);
  return (length / (performance.now() - start)) * 1_000;
}

/** The same over several connections, as a page has them. */
async function atOnce(dial: Dial): Promise<number> {
  const lengths = await Promise.all(Array.from({ length: several }, () => fetched(dial, 'part')));
  return lengths.reduce((sum, length) => sum + length, 0);
}

/** Takes a file as the gateway takes it: chunk by chunk, as they come, whose memory goes back. */
async function fetched(dial: Dial, file: string): Promise<number> {
  let length = 0;
  const stream = await dial();
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length;
    giveBack(chunk);
  });
  stream.write(`GET /${file} HTTP/1.0\r\n\r\n`);
  await once(stream, 'end');
  stream.destroy();
  return length;
}
