import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { InputOf } from './input-of.ts';

/** Any number of several values: one box each. */
export function choicesOf({ field, value, disabled, set }: InputOf): TemplateResult {
  const chosen = new Set(Array.isArray(value) ? value : []);
  const flip = (choice: unknown): void => {
    if (!chosen.delete(choice)) chosen.add(choice);
    set(field.choices.map((row) => row.value).filter((one) => chosen.has(one)));
  };
  return html`<div
    class="stack choices"
    id="f-${field.path}"
    role="group"
    aria-labelledby="l-${field.path}"
    tabindex="-1"
  >
    ${field.choices.map(
      (choice) =>
        html`<label class="row">
          <input
            type="checkbox"
            .checked=${live(chosen.has(choice.value))}
            ?disabled=${disabled}
            @change=${() => flip(choice.value)}
          />
          ${choice.title}
        </label>`,
    )}
  </div>`;
}
