import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { textOf, type Field } from '../form/fields.ts';
import { inUnit, unitFor, unitsOf } from '../form/units.ts';
import { choicesOf } from './form-choices.ts';
import { secretOf } from './form-secret.ts';
import type { InputOf } from './input-of.ts';

/** Label, control and words of one field. */
export function inputOf(input: InputOf): TemplateResult {
  if (input.field.kind === 'switch') return switchOf(input);
  const { field } = input;
  return html`<div class="field" @focusout=${input.leave}>
    <label for="f-${field.path}" id="l-${field.path}">
      ${field.title}${field.isRequired || field.default !== undefined ? nothing : html` <span class="optional">optional</span>`}
    </label>
    ${controlOf(input)} ${wordsOf(input)}
  </div>`;
}

function wordsOf({ field, wrong }: InputOf): TemplateResult | typeof nothing {
  if (wrong === undefined && !field.description) return nothing;
  // How it is written is wanted most by whoever has just written it otherwise.
  return html`<div class="words" id="w-${field.path}">
    ${
      wrong === undefined
        ? nothing
        : html`<div class="wrong" role="alert">
            <stele-icon name="triangle-alert"></stele-icon><span>${wrong}</span>
          </div>`
    }
    ${field.description ? html`<div class="hint">${field.description}</div>` : nothing}
  </div>`;
}

function switchOf(input: InputOf): TemplateResult {
  const { field, value, set, disabled } = input;
  return html`<div class="check" @focusout=${input.leave}>
    <input
      type="checkbox"
      id="f-${field.path}"
      .checked=${live(value === true)}
      ?disabled=${disabled}
      aria-describedby="w-${field.path}"
      @change=${(event: Event) => set((event.target as HTMLInputElement).checked)}
    />
    <div class="field"><label for="f-${field.path}">${field.title}</label>${wordsOf(input)}</div>
  </div>`;
}

function controlOf(input: InputOf): TemplateResult {
  switch (input.field.kind) {
    case 'choice':
      return choiceOf(input);
    case 'choices':
      return choicesOf(input);
    case 'bytes':
    case 'seconds':
      return quantityOf(input, input.field.kind);
    case 'multiline':
    case 'lines':
    case 'json':
      return areaOf(input);
    case 'secret':
      return secretOf(input);
    case 'pairs':
      return pairsOf(input);
    default:
      return lineOf(input);
  }
}

function lineOf({ field, value, wrong, disabled, isKept, set }: InputOf): TemplateResult {
  const isNumber = field.kind === 'number';
  const type = isNumber ? 'number' : field.schema['format'] === 'email' ? 'email' : 'text';
  return html`<input
    id="f-${field.path}"
    type=${type}
    step=${isNumber ? (field.schema['type'] === 'integer' ? '1' : 'any') : nothing}
    min=${field.schema['minimum'] ?? nothing}
    max=${field.schema['maximum'] ?? nothing}
    .value=${live(textOf(value))}
    placeholder=${isKept ? 'Set. Leave empty to keep it' : (field.example ?? nothing)}
    autocomplete=${field.schema['x-autocomplete'] ?? 'off'}
    spellcheck="false"
    ?disabled=${disabled}
    ?required=${field.isRequired}
    aria-invalid=${wrong === undefined ? 'false' : 'true'}
    aria-describedby="w-${field.path}"
    @input=${(event: Event) => set(readLine(event.target as HTMLInputElement, isNumber))}
  />`;
}

function readLine(input: HTMLInputElement, isNumber: boolean): unknown {
  if (!isNumber) return input.value === '' ? undefined : input.value;
  if (input.value === '') return input.validity.badInput ? Number.NaN : undefined;
  return Number(input.value);
}

/** Once a user has chosen, a browser heeds the options’ property alone, and no attribute. */
function choiceOf({ field, value, wrong, disabled, set }: InputOf): TemplateResult {
  const chosen = field.choices.findIndex((choice) => choice.value === value);
  const pick = (event: Event): void => set(field.choices[Number((event.target as HTMLSelectElement).value)]?.value);
  return html`<select
    id="f-${field.path}"
    ?disabled=${disabled}
    aria-invalid=${wrong === undefined ? 'false' : 'true'}
    aria-describedby="w-${field.path}"
    @change=${pick}
  >
    ${
      !field.isRequired || chosen === -1
        ? html`<option value="-1" .selected=${live(chosen === -1)}>${field.isRequired ? 'Choose…' : '—'}</option>`
        : nothing
    }
    ${field.choices.map(
      (choice, index) => html`<option value=${index} .selected=${live(index === chosen)}>${choice.title}</option>`,
    )}
  </select>`;
}

/** The unit stays as it was when somebody last entered something: a number typed next means the same. */
function quantityOf(input: InputOf, kind: 'bytes' | 'seconds'): TemplateResult {
  const { field, value, wrong, disabled, set } = input;
  const number = typeof value === 'number' ? value : undefined;
  const unit = unitFor(kind, number, input.unit);
  const read = (event: Event): void => {
    const box = (event.currentTarget as HTMLElement).closest('.unit') as HTMLElement;
    const text = (box.querySelector('input') as HTMLInputElement).value;
    const size = Number((box.querySelector('select') as HTMLSelectElement).value);
    set(text === '' ? undefined : Math.round(Number(text) * size), size);
  };
  return html`<div class="unit">
    <input
      id="f-${field.path}"
      type="number"
      min="0"
      step="any"
      .value=${live(number === undefined ? '' : inUnit(number, unit))}
      ?disabled=${disabled}
      aria-invalid=${wrong === undefined ? 'false' : 'true'}
      aria-describedby="w-${field.path}"
      @change=${read}
    />
    <select aria-label="Unit of ${field.title}" ?disabled=${disabled} @change=${read}>
      ${unitsOf(kind).map((u) => html`<option value=${u.size} .selected=${live(u.size === unit.size)}>${u.name}</option>`)}
    </select>
  </div>`;
}

function areaOf({ field, value, wrong, disabled, set }: InputOf): TemplateResult {
  const text = field.kind === 'lines' && Array.isArray(value) ? value.join('\n') : textOf(value);
  return html`<textarea
    id="f-${field.path}"
    rows="3"
    class=${field.kind === 'multiline' ? '' : 'mono'}
    .value=${text}
    placeholder=${field.example ?? nothing}
    ?disabled=${disabled}
    aria-invalid=${wrong === undefined ? 'false' : 'true'}
    aria-describedby="w-${field.path}"
    @change=${(event: Event) => set(readArea(field, (event.target as HTMLTextAreaElement).value))}
  ></textarea>`;
}

function readArea(field: Field, text: string): unknown {
  if (text.trim() === '') return undefined;
  if (field.kind === 'lines') return text.split('\n').filter((line) => line.trim() !== '');
  if (field.kind !== 'json') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON (yet): kept as it was typed; the server says what it thinks of a string here.
    return text;
  }
}

/** Key and value, one row each, and a button for one more. */
function pairsOf({ field, value, disabled, set }: InputOf): TemplateResult {
  const pairs = Object.entries((value ?? {}) as Record<string, string>);
  const write = (next: readonly (readonly [string, string])[]): void => set(Object.fromEntries(next));
  return html`<div class="pairs" id="f-${field.path}" role="group" aria-label=${field.title} tabindex="-1">
    ${pairs.map(
      ([key, text], index) =>
        html`<div class="pair">
          <input
            class="mono"
            aria-label="Name"
            placeholder="NAME"
            .value=${key}
            ?disabled=${disabled}
            @change=${(event: Event) => write(pairs.with(index, [(event.target as HTMLInputElement).value.trim(), text]))}
          />
          <input
            class="mono"
            aria-label="Value of ${key}"
            placeholder="value"
            .value=${text}
            ?disabled=${disabled}
            @change=${(event: Event) => write(pairs.with(index, [key, (event.target as HTMLInputElement).value]))}
          />
          <stele-icon-button
            icon="x"
            label="Remove ${key}"
            @click=${() => write(pairs.toSpliced(index, 1))}
          ></stele-icon-button>
        </div>`,
    )}
    <wa-button
      size="s"
      appearance="outlined"
      ?disabled=${disabled || '' in ((value ?? {}) as object)}
      @click=${() => write([...pairs, ['', '']])}
    >
      <stele-icon slot="start" name="plus"></stele-icon>Add
    </wa-button>
  </div>`;
}
