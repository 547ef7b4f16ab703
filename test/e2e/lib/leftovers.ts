import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { eventually } from '@stele/sdk/testing';
import type { ApiClient } from './api.ts';
import type { Engine } from './engine.ts';
import type { Platform } from './platform.ts';

/** Command lines of the processes that name a text, such as a folder: whatever was started for it. */
export async function processesNaming(text: string): Promise<string[]> {
  const lines = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(commandLine));
  return lines.filter((line) => line.includes(text));
}

async function commandLine(pid: string): Promise<string> {
  // A process may end while we look.
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return Number(pid) === process.pid ? '' : line.replaceAll('\0', ' ').trim();
}

export async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
    return false;
  } finally {
    socket.destroy();
  }
}

/**
 * Ends a platform in an orderly way and demands that nothing of it is left: tasks' containers, exit code, processes,
 * listener.
 * @param clients of everybody who launched tasks
 */
export async function endCleanly(platform: Platform, clients: readonly ApiClient[], engine: Engine): Promise<void> {
  const { port, yard } = platform;
  for (const client of clients) await client.clear();
  const gone = async (): Promise<boolean> => (await engine.containersOf(yard.path)).length === 0;
  await eventually('the containers of its tasks are gone', gone, 20_000);
  const code = await platform.stop();
  assert.equal(code, 0, `the platform ended with ${code}:\n${platform.said}`);
  await eventually('its processes are gone', async () => (await processesNaming(yard.path)).length === 0);
  assert.equal(await listens(port), false, 'its port is closed');
}
