import type { Health, Task } from '@stele/sdk/api';
import { formatDuration, statusOf, whyNotConnect } from '@stele/sdk/web';
import { html, nothing, type TemplateResult } from 'lit';
import { runningFor, runTime } from './groups.ts';
import { staleness } from './places.ts';
import { stagingLines } from './staging.ts';

/** What a card or row can ask for. */
export interface CardActions {
  readonly href: (task: Task, tab?: string) => string;
  readonly connect: (task: Task) => void;
  readonly stop: (task: Task) => void;
  readonly remove: (task: Task) => void;
  readonly again: (task: Task) => void;
  readonly bringBack: (task: Task) => void;
  /** Where a storage’s folder is shown; `undefined` without the panel that does. */
  readonly folderHref: (storage: string, path: string) => string | undefined;
  readonly iconOf: (task: Task) => string;
  /** How the resource is that it runs on. */
  readonly placeOf: (task: Task) => Health | undefined;
  readonly now: number;
  readonly busy: ReadonlySet<string>;
}

/** What it is, where it runs, how it is, and the one thing to do now. */
export function taskCard(task: Task, actions: CardActions): TemplateResult {
  return html`<article class="card object task" aria-labelledby="n-${task.id}">
    <header>
      <stele-tile icon=${actions.iconOf(task)} seed=${task.software.name}></stele-tile>
      <div class="grow">
        <h3 class="clamp"><a id="n-${task.id}" href=${actions.href(task)}>${task.name}</a></h3>
        <p class="quiet small cut" title="${task.software.name} on ${task.computing.name}">
          ${task.software.name} <span aria-hidden="true">·</span> ${task.computing.name}
        </p>
      </div>
      <stele-status .status=${statusOf(task)}></stele-status>
    </header>
    ${whatIsKnown(task, actions)} ${stagingLines(task, actions)}
    <footer>${primary(task, actions)} ${secondary(task, actions)}</footer>
  </article>`;
}

/** How it is; where its resource doesn't answer, that comes first. */
function whatIsKnown(task: Task, actions: CardActions): TemplateResult {
  const old = staleness(task, actions.placeOf(task));
  if (old) return html`<p class="how small clamp old">${old}</p>`;
  return html`<p class="how small clamp quiet" title=${task.detail ?? nothing}>${howItIs(task, actions.now)}</p>`;
}

/** One sentence: the reason if there is one, else how long it runs or when it ended. */
function howItIs(task: Task, now: number): TemplateResult | string {
  if (task.phase === 'ended' && task.endedAt !== undefined) {
    return html`${task.reason ? `${task.reason} ` : ''}Ended <stele-time at=${task.endedAt}></stele-time>.`;
  }
  if (task.reason) return html`${task.reason}${expected(task, now)}`;
  const seconds = runTime(task, now);
  if (task.phase === 'running' && !task.ready)
    return 'Its interface does not answer yet. It usually does within seconds.';
  if (seconds !== undefined) return html`Running for <span class="numbers">${runningFor(seconds)}</span>.`;
  return html`Asked for <stele-time at=${task.createdAt}></stele-time>.${expected(task, now)}`;
}

/** When it may begin, for who waits: an estimate that has passed says nothing. */
export function expected({ phase, expectedAt }: Task, now: number): TemplateResult | typeof nothing {
  if (phase !== 'queued' || expectedAt === undefined || Date.parse(expectedAt) <= now) return nothing;
  return html` Expected to start <stele-time at=${expectedAt}></stele-time>.`;
}

function primary(task: Task, actions: CardActions): TemplateResult {
  if (task.phase === 'ended') {
    return html`<wa-button
      size="s"
      appearance="outlined"
      ?disabled=${!canRepeat(task)}
      ?loading=${actions.busy.has(task.id)}
      @click=${() => actions.again(task)}
      ><stele-icon slot="start" name="refresh"></stele-icon>Launch again</wa-button
    >`;
  }
  const why = whyNotConnect(task);
  return html`<wa-button
    size="s"
    variant="brand"
    title=${why ?? nothing}
    ?disabled=${why !== undefined}
    ?loading=${actions.busy.has(task.id)}
    @click=${() => actions.connect(task)}
    ><stele-icon slot="start" name="external"></stele-icon>Connect</wa-button
  >`;
}

function secondary(task: Task, actions: CardActions): TemplateResult {
  return html`<wa-button size="s" appearance="plain" href=${actions.href(task, 'logs')}>Logs</wa-button>
    <span class="grow"></span>
    ${
      task.phase === 'ended'
        ? html`<stele-icon-button
            icon="trash"
            label="Delete ${short(task.name)}"
            @click=${() => actions.remove(task)}
          ></stele-icon-button>`
        : html`<wa-button
            size="s"
            appearance="outlined"
            ?disabled=${task.phase === 'stopping'}
            @click=${() => actions.stop(task)}
            ><stele-icon slot="start" name="stop"></stele-icon>Stop</wa-button
          >`
    }`;
}

/** A task that ended before: one line of a list. */
export function taskRow(task: Task, actions: CardActions): TemplateResult {
  const ran = runTime(task, actions.now);
  return html`<li class="ended">
    <stele-status .status=${statusOf(task)}></stele-status>
    <div class="what">
      <a class="cut" href=${actions.href(task)}>${task.name}</a>
      <span class="quiet small cut">${task.software.name} · ${task.computing.name}</span>
      ${wentWrong(task) ? html`<span class="why small clamp">${task.reason}</span>` : nothing}
    </div>
    <span class="quiet small numbers ran">${ran === undefined ? '' : formatDuration(ran)}</span>
    <span class="quiet small when"><stele-time at=${task.endedAt ?? task.createdAt}></stele-time></span>
    <span class="tools">
      <stele-icon-button
        icon="refresh"
        label="Launch ${short(task.name)} again"
        ?disabled=${!canRepeat(task) || actions.busy.has(task.id)}
        @click=${() => actions.again(task)}
      ></stele-icon-button>
      <stele-icon-button
        icon="trash"
        label="Delete ${short(task.name)}"
        @click=${() => actions.remove(task)}
      ></stele-icon-button>
    </span>
  </li>`;
}

/** Whether there is something to learn from its end. */
function wentWrong({ outcome, reason }: Task): boolean {
  return reason !== undefined && outcome !== 'completed' && outcome !== 'cancelled';
}

/** Whether what it was made of is still there. */
export function canRepeat({ software, computing }: Task): boolean {
  return software.id !== undefined && computing.id !== undefined;
}

function short(name: string): string {
  return name.length > 40 ? `${name.slice(0, 39)}…` : name;
}
