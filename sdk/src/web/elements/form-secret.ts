import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { InputOf } from './input-of.ts';

const mostBytes = 1024 ** 2;

/**
 * A value that goes to the server and never comes back. One line is typed; several are pasted, or read from a file of the
 * user’s. Where the server has one already, nothing entered keeps it.
 */
export function secretOf(input: InputOf): TemplateResult {
  const { field, value } = input;
  const isRemoved = input.isKept && value === null;
  return html`<div class="secret">
    ${field.schema['x-multiline'] === true ? areaOf(input) : lineOf(input)}
    ${field.schema['x-multiline'] === true ? fileOf(input) : nothing}
    ${isRemoved ? goingOf(input) : input.isKept && value === undefined && !field.isRequired ? removeOf(input) : nothing}
  </div>`;
}

function placeholderOf({ field, isKept, value }: InputOf): string | typeof nothing {
  if (!isKept) return field.example ?? nothing;
  return value === null ? 'Will be removed' : 'Set. Leave empty to keep it';
}

function lineOf(input: InputOf): TemplateResult {
  const { field, value, wrong, disabled, set } = input;
  return html`<input
    id="f-${field.path}"
    type="password"
    .value=${live(typeof value === 'string' ? value : '')}
    placeholder=${placeholderOf(input)}
    autocomplete=${field.schema['x-autocomplete'] ?? 'new-password'}
    spellcheck="false"
    ?disabled=${disabled}
    ?required=${field.isRequired && !input.isKept}
    aria-invalid=${wrong === undefined ? 'false' : 'true'}
    aria-describedby="w-${field.path}"
    @input=${(event: Event) => set((event.target as HTMLInputElement).value || undefined)}
  />`;
}

function areaOf(input: InputOf): TemplateResult {
  const { field, value, wrong, disabled, set } = input;
  return html`<textarea
    id="f-${field.path}"
    rows="3"
    class="mono masked"
    .value=${live(typeof value === 'string' ? value : '')}
    placeholder=${placeholderOf(input)}
    autocomplete="off"
    spellcheck="false"
    ?disabled=${disabled}
    aria-invalid=${wrong === undefined ? 'false' : 'true'}
    aria-describedby="w-${field.path}"
    @change=${(event: Event) => set((event.target as HTMLTextAreaElement).value || undefined)}
  ></textarea>`;
}

function fileOf({ field, disabled, set }: InputOf): TemplateResult {
  const read = async (event: Event): Promise<void> => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = '';
    // What is larger is no key or certificate, and is not worth reading.
    if (file && file.size <= mostBytes) set(await file.text());
  };
  return html`<label class="small quiet"
    >or from a file: <input type="file" aria-label="File with ${field.title}" ?disabled=${disabled} @change=${read}
  /></label>`;
}

function removeOf({ field, disabled, set }: InputOf): TemplateResult {
  return html`<wa-button size="s" appearance="outlined" ?disabled=${disabled} @click=${() => set(null)}
    >Remove<span class="visually-hidden"> ${field.title}</span></wa-button
  >`;
}

function goingOf({ field, disabled, set }: InputOf): TemplateResult {
  return html`<wa-button size="s" appearance="outlined" ?disabled=${disabled} @click=${() => set(undefined)}
    >Keep<span class="visually-hidden"> ${field.title}</span></wa-button
  >`;
}
