import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Place } from '../storage/s3-world.ts';

const run = promisify(execFile);
const bed = join(import.meta.dirname, '../beds/ceph');
const port = Number(process.env['CEPH_PORT'] ?? 15_190);
const folder = join(process.env['STELE_BEDS'] ?? '/var/tmp/stele-beds', 'ceph');
/** Where its programs are, and rclone. */
export const tree = join(process.env['STELE_BEDS_CACHE'] ?? '/var/tmp/stele-beds-cache', 'ceph');

/** Ceph's gateway. */
export const ceph: Place = {
  endpoint: `https://localhost:${port}`,
  certificate: () => readFileSync(join(folder, 'ca.pem'), 'utf8'),
  keys: { accessKeyId: 'CEPH-KEY', secretAccessKey: 'CEPH-SECRET' },
};

let isOurs = false;

/** Brings it up, unless it is. @returns why it can't be had on this machine */
export async function bringCeph(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'Ceph’s gateway needs root, for a tree of its own';
  isOurs ||= !existsSync(folder);
  await run(bed, ['up']);
  return undefined;
}

/** One that was up before stays. */
export async function endCeph(): Promise<void> {
  if (isOurs) await run(bed, ['down']);
}
