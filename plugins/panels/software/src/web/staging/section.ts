import type { LaunchOptions } from '@stele/sdk/api';
import { isApiProblem, ownElement } from '@stele/sdk/web';
import { nothing, type TemplateResult } from 'lit';
import { html } from 'lit/static-html.js';
import type { LaunchModel } from '../launch-model.ts';
import { PlaceDialog, type PlaceQuestion } from './place-dialog.ts';
import {
  losesSomething,
  mostPlaces,
  partOf,
  type Place,
  withoutPlace,
  withPlace,
  withResults,
  withWorkspace,
} from './wish.ts';

const placeDialog = ownElement('place-dialog', PlaceDialog);

/** What the part of the launch needs. */
export interface StagingInput {
  readonly model: LaunchModel;
  readonly changed: () => void;
}

type Offer = LaunchOptions['staging'];

/** Files of storages that tasks here don’t mount: brought in, and brought back. Nothing where there are none. */
export function stagingSection(input: StagingInput, offer: Offer): TemplateResult | typeof nothing {
  if (offer.sources.length === 0) return nothing;
  return html`<section class="staging stack" aria-labelledby="staging">
    <div>
      <h4 id="staging">Files from elsewhere</h4>
      <p class="quiet small">
        ${offer.reason ?? 'Copied from storages that tasks here don’t mount, before it starts, and back when it has ended.'}
      </p>
    </div>
    ${offer.reason !== undefined ? loss(input, offer) : fields(input, offer)}
  </section>`;
}

function fields(input: StagingInput, offer: Offer): TemplateResult {
  return html`${sources(input, offer)} ${results(input, offer)} ${workspace(input, offer)} ${loss(input, offer)}
    ${complaint(input.model, '')}<${placeDialog}></${placeDialog}>`;
}

function sources(input: StagingInput, offer: Offer): TemplateResult {
  const { model } = input;
  const add = (event: Event): void =>
    ask(event, {
      ...{ title: 'Bring in a file or folder', verb: 'Bring in this folder', storages: offer.sources, files: true },
      choose: (place) => change(input, withPlace(model.staging, place)),
    });
  return html`<div class="field">
    <span class="label" id="staged-in">Bring in</span>
    ${
      model.staging.in.length === 0
        ? nothing
        : html`<ul class="staged" aria-labelledby="staged-in">
            ${model.staging.in.map(
              (place, index) =>
                html`<li>
                  ${chosen(place, offer, () => change(input, withoutPlace(model.staging, index)))}
                  ${complaint(model, `in.${index}`)}
                </li>`,
            )}
          </ul>`
    }
    <div>
      <wa-button size="s" appearance="outlined" ?disabled=${model.staging.in.length >= mostPlaces} @click=${add}>
        <stele-icon slot="start" name="plus"></stele-icon>Add a file or folder
      </wa-button>
    </div>
    ${model.staging.in.length > 0 ? html`<p class="hint">The task finds them in <code>$STAGE_FOLDER/in</code>.</p>` : nothing}
  </div>`;
}

function results(input: StagingInput, offer: Offer): TemplateResult {
  const { model } = input;
  const { out } = model.staging;
  const storages = offer.sources.filter(({ readOnly }) => !readOnly);
  const pick = (event: Event): void =>
    ask(event, {
      ...{ title: 'Where results go', verb: 'Bring results here', storages, files: false },
      choose: (place) => change(input, withResults(model.staging, place)),
    });
  return html`<div class="field">
    <span class="label" id="staged-out">Bring results to</span>
    ${
      out
        ? html`<ul class="staged" aria-labelledby="staged-out">
            <li>
              ${chosen(out, offer, () => change(input, withResults(model.staging, undefined)))}
              ${complaint(model, 'out')}
            </li>
          </ul>`
        : html`<div>
            <wa-button size="s" appearance="outlined" ?disabled=${storages.length === 0} @click=${pick}>
              <stele-icon slot="start" name="folder"></stele-icon>Choose a folder
            </wa-button>
          </div>`
    }
    ${
      out
        ? html`<p class="hint">
            What lies in <code>$STAGE_FOLDER/out</code> when the task ends, into a folder of its own there. You can
            bring it earlier from the task’s page.
          </p>`
        : nothing
    }
    ${storages.length === 0 ? html`<p class="hint">None of these storages can be written to.</p>` : nothing}
  </div>`;
}

/** Asked only where there is a choice, or where others may read them. */
function workspace(input: StagingInput, { workspaces }: Offer): TemplateResult | typeof nothing {
  const { model } = input;
  const isUsed = model.staging.in.length > 0 || model.staging.out !== undefined;
  if (!isUsed) return nothing;
  // What others read is chosen by whoever's files they are.
  const isAsked = workspaces[0]?.isShared === true;
  if (workspaces.length < 2 && !isAsked) return nothing;
  const used = workspaces.find(({ id }) => id === model.staging.workspace);
  const pick = (event: Event): void =>
    change(input, withWorkspace(model.staging, (event.target as HTMLSelectElement).value));
  return html`<div class="field">
    <label for="workspace">Keep them meanwhile in</label>
    <select id="workspace" @change=${pick}>
      ${isAsked ? html`<option value="" ?selected=${!used}>Choose a storage</option>` : nothing}
      ${workspaces.map(({ id, name }) => html`<option value=${id} ?selected=${id === used?.id}>${name}</option>`)}
    </select>
    ${(used ?? workspaces[0])?.isShared ? html`<p class="hint">All who may use it can read them there until the task has ended.</p>` : nothing}
    ${complaint(model, 'workspace')}
  </div>`;
}

function chosen({ storage, path, isFile }: Place, { sources }: Offer, remove: () => void): TemplateResult {
  const name = sources.find(({ id }) => id === storage)?.name;
  const words = path === '' ? (name ?? '') : path;
  return html`<div class="chosen ${name === undefined ? 'off' : ''}">
    <stele-icon class="quiet" name=${isFile ? 'file' : 'folder'}></stele-icon>
    <span class="grow where">
      <span class="cut" dir="auto" title=${words}>${path === '' ? 'All of it' : path}</span>
      <span class="quiet small cut">${name ?? 'Can’t be brought here'}</span>
    </span>
    <stele-icon-button icon="x" label="Remove ${words}" @click=${remove}></stele-icon-button>
  </div>`;
}

function loss({ model }: StagingInput, offer: Offer): TemplateResult | typeof nothing {
  if (!losesSomething(model.staging, offer)) return nothing;
  return html`<p class="note caution" role="note">
    <stele-icon name="triangle-alert"></stele-icon>
    <span>Some of what you chose can’t be brought there, and is left out.</span>
  </p>`;
}

function complaint({ problem }: LaunchModel, part: string): TemplateResult | typeof nothing {
  if (!isApiProblem(problem) || partOf(problem.field) !== part) return nothing;
  return html`<p class="wrong" role="alert">${problem.message}</p>`;
}

function change({ model, changed }: StagingInput, staging: LaunchModel['staging']): void {
  model.enter({ staging });
  if (isApiProblem(model.problem) && partOf(model.problem.field) !== undefined) model.problem = undefined;
  changed();
}

/** The dialog lies in the same section as what opens it. */
function ask(event: Event, question: PlaceQuestion): void {
  const section = (event.currentTarget as Element).closest('.staging');
  const dialog = [...(section?.children ?? [])].find((one) => one instanceof PlaceDialog);
  dialog?.ask(question);
}
