type Chunks = AsyncGenerator<Uint8Array, void, undefined>;

/** What comes first, until it is more than `limit` bytes; and whether that is all. The rest can still be taken. */
export async function beginningOf(content: Chunks, limit: number): Promise<{ chunks: Uint8Array[]; isAll: boolean }> {
  const chunks: Uint8Array[] = [];
  for (let size = 0; size <= limit;) {
    const next = await content.next();
    if (next.done === true) return { chunks, isAll: true };
    chunks.push(next.value);
    size += next.value.length;
  }
  return { chunks, isAll: false };
}

/** What came first, which is let go of, and the rest. */
export async function* joined(chunks: Uint8Array[], rest: Chunks): Chunks {
  try {
    for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) yield chunk;
    yield* rest;
  } finally {
    // Also when it was left before the rest began.
    await rest.return();
  }
}
