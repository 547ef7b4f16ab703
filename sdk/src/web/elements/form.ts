import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { JsonSchema } from '../../json.ts';
import { isApiProblem } from '../api/problem.ts';
import { defineOnce } from '../define.ts';
import { complaint, complaints, fieldNamed, foldsAround } from '../form/check.ts';
import { fieldsOf, startValue, valueAt, withValue, type Field } from '../form/fields.ts';
import { baseStyles, controlStyles } from '../styles.ts';
import { inputOf } from './form-inputs.ts';
import './states.ts';

/**
 * `<stele-form .schema=${…} .value=${…} @change=${…} @submit=${…}>`: the form that a JSON Schema asks for. It keeps what
 * was typed whatever happens, says what is wrong when a field is left, and puts the server's words (`problem`) beside the
 * field that they name; words that name no field of it stand above.
 *
 * `submit` fires on Enter; press your own button with {@link SteleForm.submit}, which fires it only for a value without
 * complaints, and else shows them and focuses the first.
 */
export class SteleForm extends LitElement {
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override properties: PropertyDeclarations = {
    schema: { attribute: false, hasChanged: (a, b) => JSON.stringify(a) !== JSON.stringify(b) },
    start: { attribute: false },
    problem: { attribute: false },
    prefix: {},
    kept: { attribute: false },
    disabled: { type: Boolean },
    value: { state: true },
    left: { state: true },
    unfolded: { state: true },
  };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      form,
      .fields,
      fieldset {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--stele-space-5);
      }
      fieldset {
        margin: 0;
        padding: var(--stele-space-4);
        border: 1px solid var(--stele-border);
        border-radius: var(--stele-radius-m);
      }
      legend {
        padding-inline: var(--stele-space-2);
        font-weight: 600;
      }
      details > summary {
        padding-block: var(--stele-space-1);
        font-weight: 560;
        color: var(--stele-accent);
        cursor: pointer;
      }
      details[open] > summary {
        margin-block-end: var(--stele-space-4);
      }
      .check {
        display: flex;
        gap: var(--stele-space-3);
        align-items: flex-start;
      }
      .check label {
        font-weight: 560;
      }
      .unit {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 8rem;
        gap: var(--stele-space-2);
      }
      .pair {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) auto;
        gap: var(--stele-space-2);
        align-items: center;
      }
      .choices {
        gap: var(--stele-space-2);
      }
      .secret {
        display: grid;
        gap: var(--stele-space-2);
      }
      .secret .masked {
        -webkit-text-security: disc;
      }
      .pairs {
        display: grid;
        gap: var(--stele-space-2);
        justify-items: start;
      }
      .pair {
        inline-size: 100%;
      }
    `,
  ];

  /** The object's JSON Schema; what it understands is told at `JsonSchema`. Another one keeps what was entered. */
  declare schema: JsonSchema;
  /** What the fields start with; the schema's defaults fill the rest. Set anew, it starts over. */
  declare start: Readonly<Record<string, unknown>>;
  /** What the server said; shown beside the field that it names. */
  declare problem: unknown;
  /** What stands before this form's paths in a problem's `field`, e.g. `options`. */
  declare prefix: string;
  /** Paths of secrets that the server has: left alone they stay as they are; `null` in their place removes them. */
  declare kept: ReadonlySet<string>;
  /** Whether nothing can be changed, e.g. while it is being sent. */
  declare disabled: boolean;
  /** What is entered. */
  declare value: Record<string, unknown>;
  declare private left: ReadonlySet<string>;
  /** Groups whose advanced fields are in sight; `''` for the form's own. */
  declare private unfolded: ReadonlySet<string>;
  #fields: readonly Field[] = [];
  /** Sizes of the units that quantities were entered in, by path. */
  readonly #units = new Map<string, number>();

  constructor() {
    super();
    this.schema = {};
    this.start = {};
    this.prefix = '';
    this.kept = new Set();
    this.value = {};
    this.left = new Set();
    this.unfolded = new Set();
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('schema')) this.#fields = fieldsOf(this.schema);
    if (changed.has('start')) this.#startOver();
    else if (changed.has('schema')) this.value = startValue(this.#fields, this.value);
    const blamed = changed.has('problem') ? this.#blamed() : undefined;
    if (blamed) this.#unfold(blamed.path);
  }

  override updated(changed: Map<string, unknown>): void {
    const blamed = changed.has('problem') ? this.#blamed() : undefined;
    if (blamed) this.#focus(blamed.path);
  }

  /** Checks everything; fires `submit` when nothing is plainly wrong. @returns whether it did */
  submit(): boolean {
    const wrong = complaints(this.#fields, this.value, this.kept);
    this.left = new Set(wrong.keys());
    if (wrong.size > 0) {
      const [first = ''] = wrong.keys();
      this.#unfold(first);
      void this.updateComplete.then(() => this.#focus(first));
      return false;
    }
    this.dispatchEvent(new Event('submit'));
    return true;
  }

  override render(): TemplateResult {
    return html`<form novalidate @submit=${this.#entered}>
      ${this.problem && !this.#blamed() ? html`<stele-error .error=${this.problem}></stele-error>` : nothing}
      ${this.#rows(this.#fields, '')}
      <button type="submit" hidden></button>
    </form>`;
  }

  #rows(fields: readonly Field[], group: string): TemplateResult {
    const folded = fields.filter((field) => field.isAdvanced);
    const open = fields.filter((field) => !field.isAdvanced);
    return html`${open.map((field) => this.#row(field))}
    ${
      folded.length > 0
        ? html`<details
            ?open=${this.unfolded.has(group)}
            @toggle=${(event: Event) => this.#toggled(event.target as HTMLDetailsElement, group)}
          >
            <summary>More settings</summary>
            <div class="fields">${folded.map((field) => this.#row(field))}</div>
          </details>`
        : nothing
    }`;
  }

  #row(field: Field): TemplateResult {
    if (field.kind === 'group') return this.#group(field);
    const wrong = this.#wrong(field);
    return inputOf({
      field,
      value: valueAt(this.value, field.path),
      wrong,
      disabled: this.disabled,
      isKept: this.kept.has(field.path),
      unit: this.#units.get(field.path),
      set: (next, unit) => this.#set(field, next, unit),
      leave: () => (this.left = new Set([...this.left, field.path])),
    });
  }

  #group(field: Field): TemplateResult {
    const wrong = this.#wrong(field);
    return html`<fieldset id="f-${field.path}" tabindex="-1">
      <legend>${field.title}</legend>
      ${field.description ? html`<p class="hint">${field.description}</p>` : nothing}
      ${wrong === undefined ? nothing : html`<p class="wrong" role="alert">${wrong}</p>`}
      ${this.#rows(field.fields, field.path)}
    </fieldset>`;
  }

  #wrong(field: Field): string | undefined {
    if (isApiProblem(this.problem) && this.#blamed()?.path === field.path) return this.problem.message;
    return this.left.has(field.path)
      ? complaint(field, valueAt(this.value, field.path), this.kept.has(field.path))
      : undefined;
  }

  #blamed(): Field | undefined {
    if (!isApiProblem(this.problem) || this.problem.field === undefined) return undefined;
    return fieldNamed(this.#fields, this.problem.field, this.prefix);
  }

  #startOver(): void {
    this.#units.clear();
    this.value = startValue(this.#fields, this.start);
  }

  #set(field: Field, next: unknown, unit?: number): void {
    if (unit !== undefined) this.#units.set(field.path, unit);
    if (this.#blamed()?.path === field.path) this.problem = undefined;
    this.value = withValue(this.value, field.path, next);
    this.dispatchEvent(new Event('change'));
  }

  #entered(event: Event): void {
    event.preventDefault();
    event.stopPropagation();
    this.submit();
  }

  #toggled({ open }: HTMLDetailsElement, group: string): void {
    if (open === this.unfolded.has(group)) return;
    const rest = [...this.unfolded].filter((one) => one !== group);
    this.unfolded = new Set(open ? [...rest, group] : rest);
  }

  #unfold(path: string): void {
    this.unfolded = new Set([...this.unfolded, ...foldsAround(this.#fields, path)]);
  }

  #focus(path: string): void {
    this.renderRoot.querySelector<HTMLElement>(`[id="f-${CSS.escape(path)}"]`)?.focus();
  }
}

defineOnce('stele-form', SteleForm);
