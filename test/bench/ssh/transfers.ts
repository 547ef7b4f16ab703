import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { giveBack } from '@stele/sdk';
import { rates, times } from './contest.ts';
import { never, type World } from './world.ts';

const mebibyte = 1024 * 1024;
const size = 256 * mebibyte;
const rounds = 5;
/** A file is moved so often that it makes a GiB: `sftp` logs in once for that. */
const repeats = 4;

/** TCP through a channel. Memory goes back, as the gateway and downloads give it back. */
export async function tcp(world: World): Promise<string[][]> {
  const [ours, theirs] = [() => world.dial(), () => world.dialTunnel()];
  const down = { what: 'TCP down', ours: () => drain(ours()), theirs: () => drain(theirs()) };
  const up = { what: 'TCP up', ours: () => fill(ours()), theirs: () => fill(theirs()) };
  const first = { what: 'channel to first byte', ours: () => firstByte(ours()), theirs: () => firstByte(theirs()) };
  return [
    await rates(down, size / mebibyte, rounds),
    await rates(up, size / mebibyte, rounds),
    ...(await times(first, 400)),
  ];
}

/** Files by SFTP. */
export async function files(world: World): Promise<string[][]> {
  const { folder } = world;
  const file = join(folder, 'file');
  await writeFile(file, Buffer.alloc(size, 'stele'));
  await chmod(file, 0o644);
  const tree = world.host.files(folder);
  const again = async (work: () => Promise<unknown>) => {
    for (let left = repeats; left > 0; left -= 1) await work();
  };
  const read = async () => {
    const stream = await tree.read('file', undefined, never);
    stream.on('data', giveBack);
    await once(stream, 'end');
  };
  const write = () => tree.write('ours', content(), { overwrite: true }, never);
  const lines = (line: string) => Array.from({ length: repeats }, () => line);
  const get = {
    what: 'SFTP read',
    ours: () => again(read),
    theirs: () => world.sftp(...lines(`get ${file} /dev/null`)),
  };
  const put = {
    what: 'SFTP write',
    ours: () => again(write),
    theirs: () => world.sftp(...lines(`put -f ${file} ${join(folder, 'theirs')}`)),
  };
  const all = (size * repeats) / mebibyte;
  return [await rates(get, all, rounds), await rates(put, all, rounds)];
}

async function* content(): AsyncGenerator<Uint8Array> {
  const chunk = Buffer.alloc(256 * 1024, 'stele');
  for (let sent = 0; sent < size; sent += chunk.length) yield chunk;
}

async function drain(dialling: Promise<Duplex>): Promise<void> {
  const stream = await dialling;
  let left = size;
  stream.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    giveBack(chunk);
  });
  stream.write(`all ${size}\n`);
  await once(stream, 'end');
  if (left !== 0) throw new Error(`${left} bytes are missing`);
}

async function fill(dialling: Promise<Duplex>): Promise<void> {
  const stream = await dialling;
  stream.write(`take ${size}\n`);
  for await (const chunk of content()) if (!stream.write(chunk)) await once(stream, 'drain');
  await once(stream, 'data');
  stream.destroy();
}

async function firstByte(dialling: Promise<Duplex>): Promise<void> {
  const stream = await dialling;
  stream.write('one');
  await once(stream, 'data');
  stream.destroy();
}
