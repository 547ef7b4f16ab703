import { type Contestant, firstLine, node, pause } from './processes.ts';
import { type WrkResult, wrk } from './wrk.ts';

export interface RequestFigures extends WrkResult {
  /** Microseconds of CPU per request. */
  readonly cpu: number;
}

export const gibibyte = 1 << 30;

/** Many requests over 32 connections: rate and CPU. */
export async function requests(contestant: Contestant, seconds: number): Promise<RequestFigures> {
  await wrk(contestant, 32, 1);
  const before = contestant.cpu();
  const seen = await wrk(contestant, 32, seconds);
  return { ...seen, cpu: (contestant.cpu() - before) / seen.requests };
}

export interface BulkFigures {
  /** MB/s. */
  readonly rate: number;
  /** Most resident memory seen, bytes. */
  readonly peak: number;
  /** How much of that came after the first quarter, bytes. */
  readonly growth: number;
  /** Milliseconds of CPU for a GiB. */
  readonly cpu: number;
}

/** One GiB over one connection. */
export async function bulk(contestant: Contestant, mode: 'down' | 'up'): Promise<BulkFigures> {
  const before = contestant.cpu();
  const memory: number[] = [];
  const timer = setInterval(() => memory.push(contestant.memory()), 20);
  try {
    const child = node('client.ts', [
      mode,
      String(contestant.port),
      String(gibibyte),
      JSON.stringify(contestant.headers),
    ]);
    const { bytes, seconds } = await firstLine<{ bytes: number; seconds: number }>(child);
    if (bytes < gibibyte) throw new Error(`${contestant.name}: only ${bytes} bytes went ${mode}`);
    const early = Math.max(...memory.slice(0, Math.ceil(memory.length / 4)));
    const peak = Math.max(...memory);
    return { rate: bytes / 1e6 / seconds, peak, growth: peak - early, cpu: (contestant.cpu() - before) / 1000 };
  } finally {
    clearInterval(timer);
  }
}

/**
 * Bytes of resident memory for each of many idle WebSockets.
 * @param busy seconds of ordinary requests before: a heap that has just been started grows by its first work, whatever
 * that is, and that growth would count as the WebSockets'
 */
export async function sockets(contestant: Contestant, count: number, busy: number): Promise<number> {
  if (busy > 0) await wrk(contestant, 32, busy);
  await (
    await openSockets(contestant, 50)
  )();
  await contestant.collect();
  const before = contestant.memory();
  const close = await openSockets(contestant, count);
  await pause(1000);
  await contestant.collect();
  const after = contestant.memory();
  await close();
  return (after - before) / count;
}

async function openSockets(contestant: Contestant, count: number): Promise<() => Promise<void>> {
  const child = node('client.ts', [
    'sockets',
    String(contestant.port),
    String(count),
    JSON.stringify(contestant.headers),
  ]);
  await firstLine(child);
  return async () => {
    child.stdin?.end();
    await pause(500);
  };
}
