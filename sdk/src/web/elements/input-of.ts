import type { Field } from '../form/fields.ts';

/** One field with its value and what to do with it. */
export interface InputOf {
  readonly field: Field;
  readonly value: unknown;
  readonly wrong: string | undefined;
  readonly disabled: boolean;
  /** Whether the server has a value for it that it doesn’t show. */
  readonly isKept: boolean;
  /** Size of the unit that somebody entered a quantity in. Absent: nobody has. */
  readonly unit?: number | undefined;
  /** @param unit size of the unit that it was entered in, for a quantity */
  readonly set: (next: unknown, unit?: number) => void;
  readonly leave: () => void;
}
