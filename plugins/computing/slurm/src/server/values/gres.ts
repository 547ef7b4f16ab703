import { splitOutside } from './split-outside.ts';

/** GPUs of one type. The empty type: nobody named it. */
export type Gpus = Readonly<Record<string, number>>;

/**
 * GPUs in a list of generic resources: `gpu:a100:4(S:0-1),gpu:2,shard:8` → `{ a100: 4, '': 2 }`. Only `gpu` counts: `shard`
 * and `mps` are parts of the same cards.
 */
export function parseGres(text: string): Gpus {
  const found: Record<string, number> = {};
  for (const item of splitOutside(text, '(', ')')) {
    const [, type = '', count = '1'] = /^gpu(?::([A-Za-z][\w.-]*))?(?::(\d+))?(?:\(.*\))?$/.exec(item.trim()) ?? [];
    if (/^gpu(?:$|[:(])/.test(item.trim())) found[type] = (found[type] ?? 0) + Number(count);
  }
  return found;
}

/**
 * GPUs in a list of trackable resources: `cpu=4,gres/gpu=2,gres/gpu:a100=2` is two. The line without a type is the sum of
 * the others, and not added to them.
 */
export function parseTres(text: string): number {
  const amounts = [...text.matchAll(/(?:^|,)gres\/gpu(?::([\w.-]+))?=(\d+)/g)];
  const total = amounts.find(([, type]) => type === undefined);
  return total ? Number(total[2]) : amounts.reduce((sum, [, , count]) => sum + Number(count), 0);
}

/** How many cards there are, of whichever type. */
export function gpuCount(gpus: Gpus): number {
  return Object.values(gpus).reduce((sum, count) => sum + count, 0);
}
