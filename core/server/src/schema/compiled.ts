import type { Options, ValidateFunction } from 'ajv';
import { compile, proveSchema } from './compile.ts';

const most = 200;

/**
 * Compiled schemas. By their text: drivers make a new object for each launch, and compiling takes milliseconds. Bounded:
 * a resource's limits are in its schema, so there are as many texts as there are moods of resources.
 */
export class Compiled {
  readonly #byText = new Map<string, ValidateFunction>();
  readonly #bySchema = new WeakMap<object, ValidateFunction>();
  readonly #options: Options;
  readonly #isOurs: boolean;

  /**
   * @param coerceTypes whether text is read as the type that the schema asks for
   * @param isOurs whether the schemas are this code's own, which need no proof
   */
  constructor({ coerceTypes = false, isOurs = true }) {
    this.#options = { useDefaults: true, strict: false, verbose: true, coerceTypes };
    this.#isOurs = isOurs;
  }

  get(schema: object): ValidateFunction {
    const known = this.#bySchema.get(schema);
    if (known) return known;
    const text = JSON.stringify(schema);
    const check = this.#byText.get(text) ?? this.#compile(schema);
    this.#bySchema.set(schema, check);
    this.#byText.delete(text);
    this.#byText.set(text, check);
    if (this.#byText.size > most) this.#byText.delete(this.#byText.keys().next().value as string);
    return check;
  }

  #compile(schema: object): ValidateFunction {
    if (!this.#isOurs) proveSchema(schema);
    return compile(schema, this.#options);
  }
}
