/**
 * `npm run bench:ssh`: SSH by this platform beside OpenSSH's own programs, in turn, on one sshd with one cipher on this machine; then
 * large listings and many clients. Needs root, for the account that is logged in to. Some minutes; the words `tcp`, `files`, `web`,
 * `listing`, `clients` choose parts. Files lie in memory where there is a /dev/shm.
 */
import { existsSync } from 'node:fs';
import { noSshd } from '../ssh/sshd.ts';
import { clients } from './ssh/clients.ts';
import { head } from './ssh/contest.ts';
import { listing } from './ssh/listing.ts';
import { files, tcp } from './ssh/transfers.ts';
import { web } from './ssh/web.ts';
import { World } from './ssh/world.ts';
import { table } from './table.ts';

const parts = { tcp, files, web };
const figures = { listing, clients };
const chosen = process.argv.slice(2);
const isChosen = (name: string): boolean => chosen.length === 0 || chosen.includes(name);

if (existsSync('/dev/shm')) process.env.TMPDIR = '/dev/shm';
const reason = await noSshd();
if (reason !== undefined) throw new Error(reason);
await using world = await World.open();
const rows: string[][] = [];
for (const [name, part] of Object.entries(parts)) if (isChosen(name)) rows.push(...(await part(world)));
if (rows.length > 0)
  console.log(`\nSSH, aes128-gcm, loopback; medians of rounds in turn\n\n${table([[...head], ...rows])}`);
for (const [name, part] of Object.entries(figures)) {
  if (isChosen(name)) console.log(`\n${table([['figure', 'measured', 'target'], ...(await part(world))])}`);
}
