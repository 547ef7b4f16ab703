import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const beds = fileURLToPath(new URL('../beds/', import.meta.url));

/** An image that holds BusyBox and nothing else, under its name in the engine's store. */
export const tinyImage = { registry: 'localhost', repository: 'stele/tiny', tag: '1' };
const tinyName = 'localhost/stele/tiny:1';

type Bed = 'podman' | 'docker' | 'docker-tls' | 'registry';
const broughtUp = new Set<Bed>();

/** Why a bed can't be had on this machine, or nothing. Brings it up otherwise, and lets this process use it. */
export async function bringUp(bed: Bed): Promise<string | undefined> {
  if (bed.startsWith('docker') && process.getuid?.() !== 0) return 'dockerd needs root';
  if (!existsSync(join(process.env['STELE_BEDS'] ?? '/var/tmp/stele-beds', bed))) broughtUp.add(bed);
  await run(`${beds}${bed}`, ['up'], { maxBuffer: 1 << 24 });
  for (const [name, value] of await variables(bed)) process.env[name] = value;
  return undefined;
}

/** Gives one of a bed's own commands. */
export async function tell(bed: Bed, command: string): Promise<void> {
  await run(`${beds}${bed}`, [command]);
}

async function variables(bed: Bed): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await run(`${beds}${bed}`, ['env']);
  return new Map([...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

// Once, after all tests of all files: what was up before stays. A benchmark has no such hook, and brings up none of these.
if ('after' in globalThis) {
  after(async function () {
    this.timeout(60_000);
    for (const bed of broughtUp) await run(`${beds}${bed}`, ['down']);
  });
}

/** Puts the tiny image into an engine's store unless it is there. */
export async function importTiny(
  command: readonly string[],
  change = 'CMD ["sh"]',
  name = tinyName,
  options: readonly string[] = [],
  isForeign = false,
): Promise<void> {
  const [program = '', ...args] = command;
  const folder = await mkdtemp(join(tmpdir(), 'stele-tiny-'));
  try {
    await makeRoot(join(folder, 'root'));
    if (isForeign) await makeForeign(join(folder, 'root/bin/busybox'));
    await run('tar', ['--create', '--file', join(folder, 'tiny.tar'), '--directory', join(folder, 'root'), '.']);
    await run(program, [...args, 'import', ...options, '--change', change, join(folder, 'tiny.tar'), name]);
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

/** Says of a program that it is one for AArch64: no x86 machine runs it. */
async function makeForeign(program: string): Promise<void> {
  await using file = await open(program, 'r+');
  await file.write(Buffer.from([0xb7, 0]), 0, 2, 18);
}

/** An image that runs the script in the variable `SCRIPT`. */
export const taskImage = { registry: 'localhost', repository: 'stele/tiny-task', tag: '1' };

/** What a task image runs. */
const taskChange = 'CMD ["sh","-c","eval \\"$SCRIPT\\""]';

/** Puts the task image into an engine's store. */
export function importTask(command: readonly string[]): Promise<void> {
  return importTiny(command, taskChange, 'localhost/stele/tiny-task:1');
}

/** Puts one for machines of another architecture into an engine's store. */
export function importForeignTask(command: readonly string[]): Promise<void> {
  return importTiny(command, taskChange, 'localhost/stele/tiny-arm:1', ['--arch', 'arm64'], true);
}

/** A registry on loopback that asks for a log-in. */
export async function registry(): Promise<{ address: string; username: string; password: string }> {
  await bringUp('registry');
  const value = (name: string): string => process.env[`STELE_REGISTRY_${name}`] ?? '';
  return { address: value('LOGIN'), username: value('USER'), password: value('PASSWORD') };
}
