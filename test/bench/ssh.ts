/** SSH by this platform against OpenSSH's own programs, on one sshd on this machine: `node --conditions=source test/bench/ssh.ts` */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { testCall } from '@stele/sdk/testing';
import { account, Sshd } from '../ssh/sshd.ts';
import { accessTo, ownFolder, targetOf } from '../ssh/world.ts';
import { median, table } from './table.ts';

const run = promisify(execFile);
const size = 256 * 1024 * 1024;
const rounds = 3;
const never = new AbortController().signal;

await using sshd = await Sshd.start('Ciphers aes128-gcm@openssh.com');
const access = await accessTo(sshd, { idleTimeout: 60_000 });
await using host = await access.open(await targetOf(sshd), testCall({ signal: never }));
const folder = await ownFolder('stele-bench-');
const key = join(sshd.folder, 'login');
const options = [
  '-i',
  key,
  '-o',
  'StrictHostKeyChecking=no',
  '-o',
  'UserKnownHostsFile=/dev/null',
  '-o',
  'LogLevel=ERROR',
];
await writeFile(join(folder, 'file'), Buffer.alloc(size, 'stele'));
await chmod(join(folder, 'file'), 0o644);

const rows = [['', 'ours', 'OpenSSH', 'ours / OpenSSH']];
await compare('SFTP read, MiB/s', readOurs, () => sftp(`get ${folder}/file /dev/null`));
await compare('SFTP write, MiB/s', writeOurs, () => sftp(`put ${folder}/file ${folder}/theirs`));
const source = createServer((socket) => void pump(socket)).listen(0, '127.0.0.1');
await once(source, 'listening');
const { port } = source.address() as AddressInfo;
const tunnel = spawn('ssh', [
  ...options,
  '-N',
  '-L',
  `15099:127.0.0.1:${port}`,
  '-p',
  String(sshd.port),
  `${account}@127.0.0.1`,
]);
await sleep(1_500);
await compare(
  'TCP down, MiB/s',
  () => drain(host.dial({ host: '127.0.0.1', port }, never)),
  () => drain(dialTunnel()),
);
await latency();
console.log(table(rows));
tunnel.kill();
source.close();
await rm(folder, { recursive: true });

async function compare(what: string, ours: () => Promise<unknown>, theirs: () => Promise<unknown>): Promise<void> {
  const [mine, others]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    mine.push(await rate(ours));
    others.push(await rate(theirs));
  }
  rows.push([what, median(mine).toFixed(0), median(others).toFixed(0), (median(mine) / median(others)).toFixed(2)]);
}

async function rate(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return size / 1024 / 1024 / ((performance.now() - start) / 1000);
}

async function readOurs(): Promise<void> {
  for await (const _ of await host.files(folder).read('file', undefined, never));
}

async function writeOurs(): Promise<void> {
  await host.files(folder).write('ours', content(), { overwrite: true }, never);
}

async function* content(): AsyncGenerator<Uint8Array> {
  const chunk = Buffer.alloc(256 * 1024, 'stele');
  for (let sent = 0; sent < size; sent += chunk.length) yield chunk;
}

async function sftp(line: string): Promise<void> {
  await writeFile(join(folder, 'batch'), `${line}\n`);
  await run('sftp', [...options, '-q', '-b', join(folder, 'batch'), '-P', String(sshd.port), `${account}@127.0.0.1`]);
}

async function pump(socket: Duplex): Promise<void> {
  socket.on('error', () => socket.destroy());
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.write(first);
  if (first.toString() === 'all') {
    for await (const chunk of content()) if (!socket.write(chunk)) await once(socket, 'drain');
  }
  socket.end();
}

async function drain(dialling: Promise<Duplex>): Promise<void> {
  const stream = await dialling;
  stream.write('all');
  for await (const _ of stream);
}

async function dialTunnel(): Promise<Duplex> {
  const socket = connect(15_099, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function latency(): Promise<void> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < 300; round += 1) {
    ours.push(await firstByte(() => host.dial({ host: '127.0.0.1', port }, never)));
    theirs.push(await firstByte(dialTunnel));
  }
  for (const [name, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    const [mine, others] = [ours, theirs].map(
      (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? 0,
    );
    rows.push([
      `channel to first byte ${name}, ms`,
      mine!.toFixed(2),
      others!.toFixed(2),
      (mine! / others!).toFixed(2),
    ]);
  }
}

async function firstByte(dial: () => Promise<Duplex>): Promise<number> {
  const start = performance.now();
  const stream = await dial();
  stream.write('one');
  await once(stream, 'data');
  const elapsed = performance.now() - start;
  stream.destroy();
  return elapsed;
}
