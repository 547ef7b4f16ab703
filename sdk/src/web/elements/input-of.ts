import type { Field } from '../form/fields.ts';

/** One field with its value and what to do with it. */
export interface InputOf {
  readonly field: Field;
  readonly value: unknown;
  readonly wrong: string | undefined;
  readonly disabled: boolean;
  /** Whether the server has a value for it that it doesn’t show. */
  readonly isKept: boolean;
  readonly set: (next: unknown) => void;
  readonly leave: () => void;
}
