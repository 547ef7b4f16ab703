import type { Computing, LaunchOptions } from '@stele/sdk/api';
import { isApiProblem, wordsOf, type SteleForm } from '@stele/sdk/web';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { versionOf, type Family } from './families.ts';
import { cautionOf, lossWords } from './launch-choice.ts';
import type { LaunchModel } from './launch-model.ts';
import { stagingSection } from './staging/section.ts';
import { partOf } from './staging/wish.ts';

/** What the sheet needs beside its model. */
export interface LaunchInput {
  readonly model: LaunchModel;
  readonly family: Family;
  readonly changeVersion: (id: string) => void;
  readonly changed: () => void;
  readonly launch: () => void;
  /** Where users set up who they are on a resource. */
  readonly accountHref: string;
  /** Whether the user may choose one-time passwords. */
  readonly mayChoosePassword: boolean;
}

/** The three steps: what, where, how. */
export function launchSheet(input: LaunchInput): TemplateResult {
  return html`<ol class="steps">
    ${step(1, 'Software', softwareStep(input))} ${step(2, 'Computing', computingStep(input))}
    ${input.model.offer ? step(3, 'Details', detailsStep(input, input.model.offer)) : nothing}
  </ol>`;
}

function step(number: number, title: string, content: TemplateResult): TemplateResult {
  return html`<li class="step" aria-labelledby="step-${number}">
    <span class="number" aria-hidden="true">${number}</span>
    <div class="stack">
      <h3 id="step-${number}">${title}</h3>
      ${content}
    </div>
  </li>`;
}

function softwareStep({ model, family, changeVersion }: LaunchInput): TemplateResult {
  const { software } = model;
  return html`<div class="chosen">
    <stele-tile icon=${software.icon} seed=${software.name}></stele-tile>
    <strong class="grow clamp">${software.name}</strong>
    ${
      family.members.length > 1
        ? html`<select
            class="versions"
            aria-label="Version"
            @change=${(event: Event) => changeVersion((event.target as HTMLSelectElement).value)}
          >
            ${family.members.map((one) => html`<option value=${one.id} ?selected=${one.id === software.id}>${versionOf(one)}</option>`)}
          </select>`
        : html`<span class="quiet small">Version <code>${versionOf(software)}</code></span>`
    }
  </div>`;
}

function computingStep({ model, accountHref }: LaunchInput): TemplateResult {
  if (model.fault) {
    return html`<stele-error
      what="The computing could not be read"
      .error=${model.fault}
      retryable
      @retry=${() => model.load()}
    ></stele-error>`;
  }
  if (!model.computing) return html`<stele-skeleton class="place"></stele-skeleton>`;
  if (model.computing.length === 0) {
    return html`<p class="quiet">
      There is no computing yet. Add one in Computing, or ask the people who run this site.
    </p>`;
  }
  return html`<div class="places" role="radiogroup" aria-labelledby="step-2">
    ${model.computing.map((one) => place(model, one, accountHref))}
  </div>`;
}

function place(model: LaunchModel, computing: Computing, accountHref: string): TemplateResult {
  const offer = model.offers.get(computing.id);
  const fits = offer?.state === 'known' && offer.options.fits;
  return html`<label class="place ${fits ? '' : 'off'}">
    <input
      type="radio"
      name="computing"
      aria-labelledby="place-${computing.id}"
      aria-describedby="about-${computing.id}"
      .checked=${live(model.chosen === computing.id)}
      ?disabled=${!fits}
      @change=${() => model.choose(computing.id)}
    />
    <span class="grow">
      <strong id="place-${computing.id}" class="clamp">${computing.name}</strong>
      <span id="about-${computing.id}" class="small quiet">${placeWords(model, computing, accountHref)}</span>
    </span>
  </label>`;
}

function placeWords(model: LaunchModel, computing: Computing, accountHref: string): TemplateResult | string {
  const offer = model.offers.get(computing.id);
  if (!offer || offer.state === 'asking') return 'Asking what is free…';
  if (offer.state === 'failed') {
    return html`<span class="why">${wordsOf(offer.error).detail}</span>
      <button type="button" class="again" @click=${(event: Event) => askAgain(event, model, computing)}>
        Ask again
      </button>
      ${needsAccount(computing, offer.error) ? html`<a href=${accountHref}>Set up your account there</a>` : nothing}`;
  }
  const { fits, reason, facts } = offer.options;
  const known = facts.map(({ label, value }) => `${label}: ${value}`).join(' · ');
  return fits
    ? html`${known}${reason ? html`<br />${reason}` : nothing}`
    : html`<span class="why">${reason ?? 'It does not fit.'}</span>`;
}

/** Where credentials are each user’s own, a refusal is for the user to settle. */
function needsAccount({ auth }: Computing, error: unknown): boolean {
  return auth === 'user-keys' && isApiProblem(error) && error.code === 'DENIED';
}

function askAgain(event: Event, model: LaunchModel, computing: Computing): void {
  event.preventDefault();
  void model.ask(computing.id);
}

function detailsStep(input: LaunchInput, offer: LaunchOptions): TemplateResult {
  const { model } = input;
  return html`<div class="field">
      <label for="task-name">Name of the task</label>
      <input
        id="task-name"
        maxlength="200"
        autocomplete="off"
        .value=${live(model.name)}
        aria-invalid=${isAbout(model.problem, 'name') ? 'true' : 'false'}
        @input=${(event: Event) => model.enter({ name: (event.target as HTMLInputElement).value })}
        @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && input.launch()}
      />
      ${isAbout(model.problem, 'name') ? html`<p class="wrong" role="alert">${model.problem.message}</p>` : nothing}
    </div>
    ${engineField(input)} ${cautionNote(model, offer)}
    <stele-form
      prefix="options"
      .schema=${offer.schema}
      .start=${model.start}
      .problem=${isSaidElsewhere(model.problem) ? undefined : model.problem}
      @change=${(event: Event) => model.enter({ options: (event.target as SteleForm).value })}
      @submit=${input.launch}
    ></stele-form>
    ${passwordField(input)} ${stagingSection(input, offer.staging)} ${offer.mail ? mailField(model) : nothing}
    ${mountsNote(offer)} ${previewOf(model)}`;
}

/** Where the task finds what outlives it. */
function mountsNote({ mounts, staging }: LaunchOptions): TemplateResult {
  return html`<div class="note">
    <stele-icon name="circle-info"></stele-icon>
    <div class="mounts">
      <p>${lossWords(mounts.length > 0, staging)}</p>
      ${
        mounts.length === 0
          ? nothing
          : html`<ul aria-label="Your storages in the task">
              ${mounts.map(
                ({ name, target, readOnly }) =>
                  html`<li>
                    ${name} <span aria-hidden="true">→</span> <code>${target}</code>${readOnly ? ', read-only' : ''}
                  </li>`,
              )}
            </ul>`
      }
    </div>
  </div>`;
}

function passwordField({ model, mayChoosePassword, launch }: LaunchInput): TemplateResult | typeof nothing {
  if (!mayChoosePassword || !model.software.flags.interfaceAuth) return nothing;
  const problem = isAbout(model.problem, 'password') ? model.problem : undefined;
  return html`<div class="field">
    <label for="password">Password of the task <span class="optional">optional</span></label>
    <input
      id="password"
      type="password"
      maxlength="200"
      autocomplete="new-password"
      aria-describedby="about-password"
      .value=${live(model.password)}
      aria-invalid=${problem ? 'true' : 'false'}
      @input=${(event: Event) => model.enter({ password: (event.target as HTMLInputElement).value })}
      @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && launch()}
    />
    <p id="about-password" class="hint">Empty: one is made. You are told it where you have to enter it.</p>
    ${problem ? html`<p class="wrong" role="alert">${problem.message}</p>` : nothing}
  </div>`;
}

function mailField(model: LaunchModel): TemplateResult {
  return html`<label class="check">
    <input
      type="checkbox"
      .checked=${live(model.mailAtStart)}
      @change=${(event: Event) => model.enter({ mailAtStart: (event.target as HTMLInputElement).checked })}
    />
    Tell me by e-mail when it starts
  </label>`;
}

function engineField({ model, changed }: LaunchInput): TemplateResult | typeof nothing {
  if (model.engines.length < 2) return nothing;
  const pick = (event: Event): void => {
    model.enter({ engine: (event.target as HTMLSelectElement).value });
    changed();
  };
  return html`<div class="field">
    <label for="engine">Container engine</label>
    <select id="engine" @change=${pick}>
      ${model.engines.map((one) => html`<option value=${one.value} ?selected=${one.value === model.engine}>${one.title}</option>`)}
    </select>
  </div>`;
}

function cautionNote(model: LaunchModel, offer: LaunchOptions): TemplateResult | typeof nothing {
  const caution = cautionOf(offer.engines, model.engine);
  if (caution === undefined) return nothing;
  return html`<p class="note caution" role="note">
    <stele-icon name="triangle-alert"></stele-icon>
    <span>${caution}</span>
  </p>`;
}

function previewOf({ preview }: LaunchModel): TemplateResult {
  const toggled = (event: Event): void => preview.show((event.target as HTMLDetailsElement).open);
  return html`<details class="preview" ?open=${preview.isOpen} @toggle=${toggled}>
    <summary>Show what will be run</summary>
    ${
      preview.fault
        ? html`<stele-error
            what="The preview could not be made"
            .error=${preview.fault}
            retryable
            @retry=${() => preview.read()}
          ></stele-error>`
        : html`<div class="code">
            <pre tabindex="0" aria-label="What will be run"><code>${preview.text ?? 'One moment…'}</code></pre>
            <div class="row end">
              <wa-button size="s" appearance="plain" @click=${() => preview.read()}>Read it again</wa-button>
              <stele-copy text=${preview.text ?? ''} label="Copy it"></stele-copy>
            </div>
          </div>`
    }
  </details>`;
}

/** Beside the field that it is about. */
function isSaidElsewhere(problem: unknown): boolean {
  if (!isApiProblem(problem)) return false;
  return ['name', 'password'].includes(problem.field ?? '') || partOf(problem.field) !== undefined;
}

function isAbout(problem: unknown, field: string): problem is Error {
  return isApiProblem(problem) && problem.field === field;
}
