import type { SteleForm } from '@stele/sdk/web';
import { html, nothing, type TemplateResult } from 'lit';
import type { EditModel } from './edit-model.ts';

/** What the sheet needs beside its model. */
export interface EditInput {
  readonly model: EditModel | undefined;
  readonly close: () => void;
  readonly save: (value: Readonly<Record<string, unknown>>) => void;
}

/** The sheet that makes or changes a software. */
export function editSheet({ model, close, save }: EditInput): TemplateResult {
  const isNew = model?.software === undefined;
  return html`<stele-sheet
    label=${isNew ? 'Add software' : 'Edit software'}
    .open=${model?.form !== undefined}
    @close=${close}
  >
    ${
      model?.form
        ? html`<stele-form
              autofocus
              .schema=${model.form.schema}
              .start=${model.form.start}
              .problem=${model.problem}
              ?disabled=${model.isBusy}
              @submit=${(event: Event) => save((event.target as SteleForm).value)}
            ></stele-form>
            <div slot="footer" class="foot">
              <wa-button appearance="plain" @click=${close}>Cancel</wa-button>
              <wa-button variant="brand" ?loading=${model.isBusy} @click=${submitForm}>
                ${isNew ? 'Add it' : 'Save'}
              </wa-button>
            </div>`
        : nothing
    }
  </stele-sheet>`;
}

/** The button stands outside of the form that it sends. */
function submitForm(event: Event): void {
  (event.currentTarget as Element).closest('stele-sheet')?.querySelector<SteleForm>('stele-form')?.submit();
}
