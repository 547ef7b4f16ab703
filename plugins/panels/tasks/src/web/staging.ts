import type { Task, TaskStaging } from '@stele/sdk/api';
import { plural } from '@stele/sdk/web';
import { html, nothing, type TemplateResult } from 'lit';
import type { CardActions } from './card.ts';
import { arrivedWords, isOnItsWay, mayBringBack, movingWords, shareOf, type Stage } from './staging-words.ts';

/** On the card: what is on its way, and what went wrong. Nothing where all is quiet. */
export function stagingLines(task: Task, actions: CardActions): TemplateResult | typeof nothing {
  const { in: inward, out } = task.staging ?? {};
  const lines = [
    inward && task.phase === 'submitting' && isOnItsWay(inward) ? bar(inward, 'Files brought in') : undefined,
    out && isOnItsWay(out) ? resultsComing(out) : undefined,
    out?.state === 'failed' ? failure(task, out, actions) : undefined,
    out?.state === 'done' && out.files > 0 ? arrived(out, actions) : undefined,
  ].filter((line) => line !== undefined);
  return lines.length === 0 ? nothing : html`<div class="staging small">${lines}</div>`;
}

/** In the sheet: what came from where, what goes where, and the button. */
export function stagingDetails(task: Task, actions: CardActions): TemplateResult | typeof nothing {
  const { staging } = task;
  if (!staging) return nothing;
  return html`<section class="files stack" aria-labelledby="files">
    <h3 id="files">Files from elsewhere</h3>
    ${staging.in ? inwardDetails(task, staging, staging.in) : nothing}
    ${staging.out ? outwardDetails(task, staging, staging.out, actions) : nothing}
  </section>`;
}

function inwardDetails(task: Task, { folder }: TaskStaging, stage: NonNullable<TaskStaging['in']>): TemplateResult {
  const isMoving = task.phase === 'submitting' && isOnItsWay(stage);
  const names = stage.from.map(placeName).join(', ');
  return html`<div class="staging small">
    <p>
      ${stage.state === 'done' ? 'Brought' : 'Brings'} ${names} to <code>${folder}/in</code>.
      ${stage.state === 'done' ? arrivedWords(stage) : nothing} ${leftWords(stage)}
    </p>
    ${isMoving ? bar(stage, 'Files brought in') : nothing}
  </div>`;
}

function outwardDetails(
  task: Task,
  { folder }: TaskStaging,
  out: NonNullable<TaskStaging['out']>,
  actions: CardActions,
): TemplateResult {
  const [does, when] = out.state === 'done' ? ['has gone', ''] : ['goes', ', when the task ends'];
  return html`<div class="staging small">
    <p>
      What lies in <code>${folder}/out</code> ${does} to ${place(out, actions)}${when}.
      ${out.state === 'done' ? (out.files === 0 ? 'There was nothing.' : arrivedWords(out)) : nothing} ${leftWords(out)}
    </p>
    ${isOnItsWay(out) ? resultsComing(out) : nothing}
    ${out.state === 'failed' || (out.state === 'idle' && out.reason) ? html`<p class="failed">${out.reason}</p>` : nothing}
    ${out.state === 'idle' && out.at !== undefined ? html`<p class="quiet">Brought last <stele-time at=${out.at}></stele-time>.</p>` : nothing}
    ${mayBringBack(task) ? button(task, out, actions) : nothing}
  </div>`;
}

function resultsComing(out: Stage): TemplateResult {
  return html`<p>${movingWords(out)}</p>
    ${bar(out, 'Results brought back')}`;
}

function failure(task: Task, out: NonNullable<TaskStaging['out']>, actions: CardActions): TemplateResult {
  return html`<p class="failed">The results could not be brought back. ${out.reason}</p>
    ${button(task, out, actions)}`;
}

function button(task: Task, { state }: Stage, actions: CardActions): TemplateResult {
  return html`<div>
    <wa-button
      size="s"
      appearance="outlined"
      ?loading=${actions.busy.has(task.id)}
      @click=${() => actions.bringBack(task)}
      ><stele-icon slot="start" name="download"></stele-icon
      >${state === 'failed' ? 'Try again' : 'Bring back now'}</wa-button
    >
  </div>`;
}

function arrived(out: NonNullable<TaskStaging['out']>, actions: CardActions): TemplateResult {
  return html`<p class="quiet">${plural(out.files, 'result is', 'results are')} in ${place(out, actions)}.</p>`;
}

function place({ to, folder }: NonNullable<TaskStaging['out']>, actions: CardActions): TemplateResult {
  const name = `${to.storage.name} / ${folder}`;
  const href = to.storage.id === undefined ? undefined : actions.folderHref(to.storage.id, folder);
  return href === undefined ? html`${name}` : html`<a href=${href}>${name}</a>`;
}

function placeName({ storage, path }: NonNullable<TaskStaging['workspace']>): string {
  return path === '' ? `all of ${storage.name}` : `${path} of ${storage.name}`;
}

function leftWords({ left }: Stage): string {
  return left === undefined
    ? ''
    : `${plural(left, 'link or special file was', 'links or special files were')} left out.`;
}

/** An unknown share is a bar that moves by itself. */
function bar(stage: Stage, label: string): TemplateResult {
  const share = shareOf(stage);
  return share === undefined
    ? html`<progress aria-label=${label}></progress>`
    : html`<progress aria-label=${label} max="100" .value=${share}></progress>`;
}
