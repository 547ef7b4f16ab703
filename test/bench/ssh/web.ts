import { Agent, get, type IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import { rates, times } from './contest.ts';
import type { World } from './world.ts';

const megabytes = 256;
const rounds = 5;

interface Server {
  readonly port: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * HTTP through the gateway and a channel of ours: against OpenSSH's tunnel alone, which knows nothing of HTTP, sessions and rights, and
 * against the gateway in front of OpenSSH's tunnel, which shows what the way costs. The floor is what this language needs to ask on
 * somebody's behalf, without a look at anything, in front of that tunnel.
 */
export async function web(world: World): Promise<string[][]> {
  await using ours = await world.gateway(world.web.itself, 'ssh');
  await using joined = await world.gateway(world.web.tunnel, 'directly');
  await using direct = await world.gateway(world.web.itself, 'directly');
  await using floor = await world.pipe(world.web.tunnel);
  const [itself, tunnel] = [{ port: world.web.itself }, { port: world.web.tunnel }];
  const rows: string[][] = [];
  for (const [what, mine, theirs, base] of [
    ['HTTP, gateway + ours to ssh -L', ours, tunnel, itself],
    ['HTTP, the floor: bare pipe + ssh -L to ssh -L', floor, tunnel, itself],
    ['HTTP, gateway + ours to gateway + ssh -L', ours, joined, direct],
  ] as const) {
    const contest = (path: string) => ({ what, ours: asking(mine, path), theirs: asking(theirs, path) });
    rows.push(await rates(contest(`/bytes/${megabytes * 1024 * 1024}`), megabytes, rounds));
    rows.push(...(await times({ ...contest('/'), what: `${what}, added` }, 500, asking(base, '/'))));
  }
  return rows;
}

/** Asks again and again on one connection. */
function asking({ port, headers }: Server, path: string): () => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return async () => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, agent, headers: { ...headers } }, resolve).once('error', reject);
    });
    if (answer.statusCode !== 200) throw new Error(`port ${port} answers ${answer.statusCode}`);
    await finished(answer.resume());
  };
}
