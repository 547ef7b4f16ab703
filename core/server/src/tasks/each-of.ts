/** Tasks of one round that are probed and written at a time: the database has few connections, and others need some. */
const atOnce = 6;

/** Does the work for each item, a few at a time; results in the order of the items. The first failure ends it. */
export async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
