import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const beds = fileURLToPath(new URL('../beds/', import.meta.url));

/** An image that holds BusyBox and nothing else, under its name in the engine's store. */
export const tinyImage = { registry: 'localhost', repository: 'stele/tiny', tag: '1' };
const tinyName = 'localhost/stele/tiny:1';

/** Why a bed can't be had on this machine, or nothing. Brings it up otherwise, and lets this process use it. */
export async function bringUp(bed: 'podman' | 'docker'): Promise<string | undefined> {
  if (bed === 'docker' && process.getuid?.() !== 0) return 'dockerd needs root';
  await run(`${beds}${bed}`, ['up'], { maxBuffer: 1 << 24 });
  const { stdout } = await run(`${beds}${bed}`, ['env']);
  for (const [, name, value] of stdout.matchAll(/^export (\w+)=(.*)$/gm)) process.env[name ?? ''] = value;
  return undefined;
}

/** Puts the tiny image into an engine's store unless it is there. */
export async function importTiny(command: readonly string[], change = 'CMD ["sh"]', name = tinyName): Promise<void> {
  const [program = '', ...args] = command;
  const folder = await mkdtemp(join(tmpdir(), 'stele-tiny-'));
  try {
    await makeRoot(join(folder, 'root'));
    await run('tar', ['--create', '--file', join(folder, 'tiny.tar'), '--directory', join(folder, 'root'), '.']);
    await run(program, [...args, 'import', '--change', change, join(folder, 'tiny.tar'), name]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function makeRoot(root: string): Promise<void> {
  for (const folder of ['bin', 'etc', 'tmp', 'root']) await mkdir(join(root, folder), { recursive: true });
  await copyFile('/bin/busybox', join(root, 'bin/busybox'));
  const { stdout } = await run('/bin/busybox', ['--list']);
  const applets = stdout.split('\n').filter((name) => name !== '' && name !== 'busybox');
  for (const applet of applets) await symlink('busybox', join(root, 'bin', applet));
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
}

/** An image that runs the script in the variable `SCRIPT`. */
export const taskImage = { registry: 'localhost', repository: 'stele/tiny-task', tag: '1' };

/** Puts the task image into an engine's store. */
export function importTask(command: readonly string[]): Promise<void> {
  return importTiny(command, 'CMD ["sh","-c","eval \\"$SCRIPT\\""]', 'localhost/stele/tiny-task:1');
}

/** A registry on loopback that asks for a log-in. */
export async function registry(): Promise<{ address: string; username: string; password: string }> {
  await run(`${beds}registry`, ['up'], { maxBuffer: 1 << 24 });
  const { stdout } = await run(`${beds}registry`, ['env']);
  const values = new Map([...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value ?? '']));
  const value = (name: string): string => values.get(`STELE_REGISTRY_${name}`) ?? '';
  return { address: value('LOGIN'), username: value('USER'), password: value('PASSWORD') };
}
