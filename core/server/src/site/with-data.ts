/** Replaces `${data}` in every text by the data folder: declared paths may lie in it. */
export function withData<T>(value: T, dataDir: string): T {
  if (typeof value === 'string') return value.replaceAll('${data}', dataDir) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => withData(item, dataDir)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withData<unknown>(inner, dataDir)])) as T;
}
