import { median } from '../table.ts';

/** What two do in turn: ours first, then OpenSSH's. */
export interface Contest {
  readonly what: string;
  readonly ours: () => Promise<unknown>;
  readonly theirs: () => Promise<unknown>;
}

export const head = ['', 'ours', 'OpenSSH', 'ours / OpenSSH'] as const;

/** Moves `mebibytes` in turn, after one round that doesn't count. A row of rates: median, and median of each round's ratio. */
export async function rates({ what, ours, theirs }: Contest, mebibytes: number, rounds: number): Promise<string[]> {
  const seen: [number, number][] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const pair: [number, number] = [mebibytes / (await seconds(ours)), mebibytes / (await seconds(theirs))];
    if (round > 0) seen.push(pair);
  }
  const ratio = median(seen.map(([mine, others]) => mine / others));
  return [
    `${what}, MiB/s`,
    ...[0, 1].map((side) => median(seen.map((pair) => pair[side] ?? 0)).toFixed(0)),
    ratio.toFixed(2),
  ];
}

/** Rounds that don't count: until V8 has compiled what they run, they take twice as long. */
const warming = 300;

/** Times of many small works, in turn. Rows of p50 and p99, less what `base` takes for the same. */
export async function times(
  { what, ours, theirs }: Contest,
  rounds: number,
  base: () => Promise<unknown> = () => Promise.resolve(),
): Promise<string[][]> {
  const seen: number[][] = [[], [], []];
  for (let round = -warming; round < rounds; round += 1) {
    for (const [side, work] of [ours, theirs, base].entries()) {
      const elapsed = (await seconds(work)) * 1000;
      if (round >= 0) seen[side]?.push(elapsed);
    }
  }
  return [0.5, 0.99].map((share) => {
    const [mine = 0, others = 0, least = 0] = seen.map((one) => percentile(one, share));
    const [added, theirs] = [mine - least, others - least];
    return [`${what} p${share * 100}, ms`, added.toFixed(2), theirs.toFixed(2), (added / theirs).toFixed(2)];
  });
}

export function percentile(numbers: readonly number[], share: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? Number.NaN;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
