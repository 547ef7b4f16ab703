import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const bed = fileURLToPath(new URL('../../beds/fargate', import.meta.url));
const folder = `${process.env['STELE_BEDS'] ?? '/var/tmp/stele-beds'}/fargate`;

export const motoEndpoint = `http://127.0.0.1:${process.env['FARGATE_PORT'] ?? '15090'}`;

let isOurs = false;

/**
 * Brings moto up, unless it is. Call it in `before`, with time for the first one.
 * @returns why it can't be had on this machine
 */
export async function bringMoto(): Promise<string | undefined> {
  const hasMoto = await run('python3', ['-c', 'import moto.server']).then(
    () => true,
    () => false,
  );
  if (!hasMoto && process.getuid?.() !== 0) return 'the API of Fargate needs Python’s moto, or root';
  isOurs ||= !existsSync(folder);
  await run(bed, ['up']);
  return undefined;
}

/** One that was up before stays. */
export async function endMoto(): Promise<void> {
  if (isOurs) await run(bed, ['down']);
}

/** Ids of what EC2 has by itself: `subnet-…` or `sg-…`. */
export async function idsOf(action: 'DescribeSubnets' | 'DescribeSecurityGroups', prefix: string): Promise<string[]> {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=AKIABED/20260101/eu-central-1/ec2/aws4_request, SignedHeaders=host, Signature=x';
  const body = new URLSearchParams({ Action: action, Version: '2016-11-15' });
  const answer = await fetch(motoEndpoint, { method: 'POST', headers: { authorization }, body });
  return [...new Set((await answer.text()).match(new RegExp(`${prefix}-[0-9a-f]{8,17}`, 'g')))];
}

/** How many times a task is described until it is one step further. */
export async function steps(times: number): Promise<void> {
  const body = JSON.stringify({ model_name: 'ecs::task', transition: { progression: 'manual', times } });
  await fetch(`${motoEndpoint}/moto-api/state-manager/set-transition`, { method: 'POST', body });
}
