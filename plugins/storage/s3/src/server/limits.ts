const gibibyte = 1024 ** 3;

/** How large objects are copied: by the store itself, in ranges. */
export interface CopyLimits {
  /** Bytes that the store copies in one request. */
  readonly whole: number;
  readonly part: number;
}

export const copyLimits: CopyLimits = { whole: 5 * gibibyte, part: gibibyte };

/** Parts of large objects, of 8 MiB, that are fetched ahead of all readers together, beyond one for each of them. */
export const partsAhead = 16;
