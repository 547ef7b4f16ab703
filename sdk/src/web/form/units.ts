/** A unit that a number is entered in, and how much one of it is. */
export interface Unit {
  /** For people. */
  readonly name: string;
  /** In bytes, or seconds. */
  readonly size: number;
}

const memory: readonly Unit[] = [
  { name: 'MiB', size: 1024 ** 2 },
  { name: 'GiB', size: 1024 ** 3 },
  { name: 'TiB', size: 1024 ** 4 },
];

const time: readonly Unit[] = [
  { name: 'seconds', size: 1 },
  { name: 'minutes', size: 60 },
  { name: 'hours', size: 3600 },
  { name: 'days', size: 86_400 },
];

/** Units for a kind of number, small to large. */
export function unitsOf(kind: 'bytes' | 'seconds'): readonly Unit[] {
  return kind === 'bytes' ? memory : time;
}

/** The largest unit in which the value is a whole number; GiB and hours for no value. */
export function bestUnit(kind: 'bytes' | 'seconds', value: number | undefined): Unit {
  const units = unitsOf(kind);
  if (value === undefined || value === 0) return units.at(-2) as Unit;
  return units.findLast((unit) => value % unit.size === 0) ?? (units[0] as Unit);
}

/** The unit of this size, in which somebody entered something before; without one the best for the value. */
export function unitFor(kind: 'bytes' | 'seconds', value: number | undefined, entered: number | undefined): Unit {
  return unitsOf(kind).find(({ size }) => size === entered) ?? bestUnit(kind, value);
}

/** The value as somebody types it in a unit: the shortest number that means it, since bytes are whole and 0.1 GiB is not. */
export function inUnit(value: number, { size }: Unit): string {
  const exact = value / size;
  const digits = Array.from({ length: 15 }, (_, index) => Number(exact.toPrecision(index + 1)));
  return String(digits.find((short) => Math.round(short * size) === value) ?? exact);
}
