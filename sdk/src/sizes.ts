const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;
const memoryUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A size in words: `1.4 GB`. Decimal units, as disks and networks are sold. Pure. */
export function bytesInWords(bytes: number, locale: Intl.LocalesArgument = 'en'): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), byteUnits.length - 1);
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: byteUnits[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  }).format(value);
}

/** A size of memory in the binary units that schedulers and engines mean: `23.5 GiB`. Pure. */
export function memoryInWords(bytes: number, locale: Intl.LocalesArgument = 'en'): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), memoryUnits.length - 1);
  const value = bytes / 1024 ** power;
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: value < 100 ? 1 : 0 }).format(value);
  return `${number} ${memoryUnits[power] ?? 'B'}`;
}
