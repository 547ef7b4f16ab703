/** How a process ended. */
export interface Exit {
  readonly code: number;
  /** The signal that ended it; 0: none did. */
  readonly signal: number;
}

/** Reads `3:0` (24.11, and accounting everywhere), or a wait status as one number (`squeue` of 22.05: 768 is exit code 3). */
export function parseExit(text: string): Exit | undefined {
  const [, code, signal] = /^(\d{1,5}):(\d{1,3})$/.exec(text.trim()) ?? [];
  if (code !== undefined) return { code: Number(code), signal: Number(signal) };
  if (!/^\d{1,6}$/.test(text.trim())) return undefined;
  const status = Number(text);
  return { code: (status >> 8) & 0xff, signal: status & 0x7f };
}
