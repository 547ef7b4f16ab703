import type { JsonSchema } from '@stele/sdk';
import type { Task, TaskEvent } from '@stele/sdk/api';
import {
  formatDuration,
  formatExact,
  ownElement,
  settingsOf,
  statusOf,
  whyNotConnect,
  type LogSource,
} from '@stele/sdk/web';
import { nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { html } from 'lit/static-html.js';
import { canRepeat, type CardActions, expected } from './card.ts';
import { TaskEvents } from './events.ts';
import { stagingDetails } from './staging.ts';
import { runTime } from './groups.ts';

const events = ownElement('task-events', TaskEvents);

/** What the sheet of one task shows. */
export interface SheetInput {
  readonly task: Task;
  readonly tab: string;
  readonly now: number;
  /** Why what is shown may be old. */
  readonly old: TemplateResult | undefined;
  /** What its settings are called. */
  readonly schema: JsonSchema | undefined;
  readonly log: (task: Task) => LogSource;
  /** What its resource says happened to it. */
  readonly events: (task: Task, signal: AbortSignal) => Promise<readonly TaskEvent[]>;
  readonly show: (tab: string) => void;
  readonly actions: CardActions;
}

/** Details, logs and settings of one task. */
export function taskSheet(input: SheetInput): TemplateResult {
  const { task, tab, show } = input;
  return html`<div class="sheet">
    <div class="row">
      <stele-status .status=${statusOf(task)}></stele-status>
      ${task.detail ? html`<code class="quiet small">${task.detail}</code>` : nothing}
    </div>
    ${input.old ? html`<p class="old">${input.old}</p>` : nothing}
    ${task.reason ? html`<p>${task.reason}${expected(task, input.actions.now)}</p>` : nothing}
    ${stagingDetails(task, input.actions)}
    <wa-tab-group .active=${tab} @wa-tab-show=${(event: CustomEvent<{ name: string }>) => show(event.detail.name)}>
      <wa-tab panel="details">Details</wa-tab>
      <wa-tab panel="logs">Logs</wa-tab>
      <wa-tab panel="settings">Settings</wa-tab>
      <wa-tab-panel name="details">${details(task, input.now)}</wa-tab-panel>
      <wa-tab-panel name="logs">${tab === 'logs' ? logs(input) : nothing}</wa-tab-panel>
      <wa-tab-panel name="settings">${tab === 'settings' ? settings(input) : nothing}</wa-tab-panel>
    </wa-tab-group>
  </div>`;
}

/** What it printed, and what happened to it: below, since that comes later and must not move a log that is being read. */
function logs(input: SheetInput): TemplateResult {
  return html`${printed(input)} <${events} .task=${input.task} .read=${input.events}></${events}>`;
}

const unstarted = new Set<Task['phase']>(['submitting', 'queued', 'held', 'starting']);

/** There is nothing to follow before it has started, and the log begins by itself when it has. */
function printed({ task, log }: SheetInput): unknown {
  if (unstarted.has(task.phase)) {
    return html`<p class="quiet">It has printed nothing yet: it has not started.</p>`;
  }
  return guard([task.id], () => html`<stele-log label="Log of ${task.name}" .source=${log(task)}></stele-log>`);
}

type Line = readonly [label: string, value: TemplateResult | string | undefined];

function details(task: Task, now: number): TemplateResult {
  const ran = runTime(task, now);
  const lines: readonly Line[] = [
    ['Software', task.software.name],
    ['Computing', task.computing.name],
    ['Image', copied(task.image)],
    ['Digest', task.digest === undefined ? undefined : copied(task.digest)],
    ['Engine', task.engine && [task.engine.id, task.engine.runtime].filter(Boolean).join(' · ')],
    ['Interface', task.protocol],
    ['Storages', storages(task)],
    ['Asked for', moment(task.createdAt)],
    ['Started', moment(task.startedAt)],
    ['Ended', moment(task.endedAt)],
    ['Ran for', ran === undefined ? undefined : html`<span class="numbers">${formatDuration(ran)}</span>`],
    ['Exit code', task.exitCode === undefined ? undefined : html`<code>${task.exitCode}</code>`],
    ['Key', copied(task.key)],
  ];
  return definitions(lines);
}

/** Where the task finds them. */
function storages({ mounts = [] }: Task): TemplateResult | undefined {
  if (mounts.length === 0) return undefined;
  return html`<ul>
    ${mounts.map(
      ({ storage, target, readOnly }) =>
        html`<li>
          ${storage ? html`${storage.name} <span aria-hidden="true">→</span> ` : nothing}<code>${target}</code>${readOnly ? ', read-only' : ''}
        </li>`,
    )}
  </ul>`;
}

function settings({ task, schema }: SheetInput): TemplateResult {
  const lines = settingsOf(task.options, schema).map(({ title, words, isCode }): Line => [
    title,
    isCode ? html`<code class="lines">${words}</code>` : html`<span class="numbers">${words}</span>`,
  ]);
  return lines.length === 0 ? html`<p class="quiet">It was launched with the defaults.</p>` : definitions(lines);
}

function definitions(lines: readonly Line[]): TemplateResult {
  return html`<dl>
    ${lines
      .filter(([, value]) => value !== undefined && value !== '')
      .map(
        ([label, value]) =>
          html`<div>
            <dt>${label}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
  </dl>`;
}

function copied(text: string): TemplateResult {
  return html`<span class="copied"><code>${text}</code><stele-copy text=${text}></stele-copy></span>`;
}

function moment(at: string | undefined): TemplateResult | undefined {
  if (at === undefined) return undefined;
  return html`<stele-time at=${at}></stele-time> <span class="quiet small">${formatExact(new Date(at))}</span>`;
}

/** What can be done with it, at the foot of the sheet. */
export function sheetActions(task: Task, actions: CardActions): TemplateResult {
  const again = html`<wa-button
    appearance="outlined"
    ?disabled=${!canRepeat(task)}
    ?loading=${actions.busy.has(task.id)}
    @click=${() => actions.again(task)}
    >Launch again</wa-button
  >`;
  if (task.phase === 'ended') {
    return html`<wa-button appearance="plain" variant="danger" @click=${() => actions.remove(task)}>Delete</wa-button>
      ${again}`;
  }
  return html`<wa-button
      appearance="plain"
      variant="danger"
      ?disabled=${task.phase === 'stopping'}
      @click=${() => actions.stop(task)}
      >Stop</wa-button
    >
    ${again}
    <wa-button
      variant="brand"
      title=${whyNotConnect(task) ?? nothing}
      ?disabled=${whyNotConnect(task) !== undefined}
      @click=${() => actions.connect(task)}
      >Connect</wa-button
    >`;
}
