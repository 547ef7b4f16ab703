const units = ['', 'K', 'M', 'G', 'T', 'P'];
const mebibyte = 1024 ** 2;

/**
 * Reads an amount of memory as Slurm writes it, in bytes. Without a suffix it is mebibytes; `+` says “at least”, as in `sinfo`'s
 * columns. `undefined` for what is no amount (`UNLIMITED`, `N/A`).
 */
export function parseMemory(text: string): number | undefined {
  const [, amount, unit = 'M'] = /^(\d+(?:\.\d+)?)([KMGTP])?(?:B|iB)?[cn+]?$/i.exec(text.trim()) ?? [];
  if (amount === undefined) return undefined;
  return Math.round(Number(amount) * 1024 ** units.indexOf(unit.toUpperCase()));
}

/** Mebibytes, rounded up. */
export function megabytes(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / mebibyte));
}

/** An amount for `--mem`. */
export function formatMemory(bytes: number): string {
  return `${megabytes(bytes)}M`;
}
