const gibibyte = 1024 ** 3;

/** How large objects are copied: by the store itself, in ranges. */
export interface CopyLimits {
  /** Bytes that the store copies in one request. */
  readonly whole: number;
  readonly part: number;
}

export const copyLimits: CopyLimits = { whole: 5 * gibibyte, part: gibibyte };
