/** What Fargate gives: for each number of processors, memory in GiB from a least to a most, in steps. */
interface Size {
  readonly cpus: number;
  readonly memory: readonly number[];
}

function steps(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}

/** As AWS documents them, for Linux. */
export const sizes: readonly Size[] = [
  { cpus: 0.25, memory: [0.5, 1, 2] },
  { cpus: 0.5, memory: steps(1, 4, 1) },
  { cpus: 1, memory: steps(2, 8, 1) },
  { cpus: 2, memory: steps(4, 16, 1) },
  { cpus: 4, memory: steps(8, 30, 1) },
  { cpus: 8, memory: steps(16, 60, 4) },
  { cpus: 16, memory: steps(32, 120, 8) },
];

/** The memory that a number of processors may go with; nothing for a number that there isn’t. Pure. */
export function memoryFor(cpus: number): readonly number[] {
  return sizes.find((size) => size.cpus === cpus)?.memory ?? [];
}

/** A size in the units of ECS: 1,024 for a processor, MiB. */
export interface Units {
  readonly cpu: string;
  readonly memory: string;
}

/** In the units of ECS. Pure. */
export function unitsOf(cpus: number, memory: number): Units {
  return { cpu: String(cpus * 1024), memory: String(memory * 1024) };
}
