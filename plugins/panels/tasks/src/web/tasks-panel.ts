import type { Software, Task, TaskEvent } from '@stele/sdk/api';
import {
  cardStyles,
  components,
  controlStyles,
  factStyles,
  isLive,
  LiveList,
  matches,
  PanelElement,
  plural,
  statusOf,
  whyNotConnect,
  type Command,
  type Unsubscribe,
} from '@stele/sdk/web';
import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { TaskActions } from './actions.ts';
import { taskCard, taskRow, type CardActions } from './card.ts';
import { grouped, type Groups } from './groups.ts';
import { LaunchSchemas } from './launch-schemas.ts';
import { Places, staleness } from './places.ts';
import { sheetActions, taskSheet } from './sheet.ts';
import { taskStyles } from './styles.ts';
import { tunnelDialog, type Tunnel } from './tunnel.ts';

const step = 20;
const tick = 20_000;

/** What runs, what waits, what ended: live, one click from inside. */
export class TasksPanel extends PanelElement {
  static override properties: PropertyDeclarations = {
    ...PanelElement.properties,
    search: { state: true },
    shown: { state: true },
    now: { state: true },
    busy: { state: true },
    tunnel: { state: true },
  };
  static override styles = [PanelElement.styles, cardStyles, controlStyles, factStyles, taskStyles];

  declare private search: string;
  declare private shown: number;
  declare private now: number;
  declare private busy: ReadonlySet<string>;
  declare private tunnel: Tunnel | undefined;

  readonly #seenLive = new Set<string>();
  readonly #icons = new Map<string, string>();
  readonly #tasks = new LiveList<Task>(this, {
    load: async (signal) => {
      const tasks = await this.api.all<Task>('/tasks', { signal });
      for (const task of tasks) if (isLive(task)) this.#seenLive.add(task.id);
      return tasks;
    },
    listen: (list) => [
      this.events.on('task', (task) => this.#changed(task)),
      this.events.on('task-removed', ({ id }) => list.remove(id)),
      this.events.on('resync', () => void list.refresh()),
    ],
  });
  #actions!: TaskActions;
  #schemas!: LaunchSchemas;
  #places!: Places;

  constructor() {
    super();
    this.search = '';
    this.shown = step;
    this.now = Date.now();
    this.busy = new Set();
  }

  protected override whileConnected(): Unsubscribe[] {
    this.#actions = new TaskActions(this.host);
    this.#schemas = new LaunchSchemas(this.api, this.signal, () => this.requestUpdate());
    this.#places = new Places(this.api, this.signal, () => this.requestUpdate());
    void this.#readIcons();
    const timer = setInterval(() => (this.now = Date.now()), tick);
    const ends = this.#places.listen(this.events);
    return [...super.whileConnected(), ...ends, () => clearInterval(timer)];
  }

  protected override commands(): readonly Command[] {
    const launch: Command = {
      id: 'launch',
      title: 'Launch a software',
      group: 'Tasks',
      icon: 'play',
      run: () => this.host.navigation.go({ panel: 'software' }),
    };
    const connect = this.#tasks.items
      .filter((task) => whyNotConnect(task) === undefined)
      .map((task) => ({
        id: `connect:${task.id}`,
        title: `Connect to ${task.name}`,
        group: 'Tasks',
        icon: 'external',
        keywords: `open ${task.software.name}`,
        run: () => void this.#connect(task),
      }));
    return this.host.navigation.hasPanel('software') ? [launch, ...connect] : connect;
  }

  override render(): TemplateResult {
    const hasSoftware = this.host.navigation.hasPanel('software');
    return html`<stele-page-header heading="Tasks" description=${this.#summary() ?? nothing}>
        ${
          hasSoftware
            ? html`<wa-button variant="brand" href=${this.host.navigation.href({ panel: 'software' })}>
                <stele-icon slot="start" name="play"></stele-icon>Launch
              </wa-button>`
            : nothing
        }
      </stele-page-header>
      ${this.#content(hasSoftware)} ${this.#sheet()} ${tunnelDialog(this.tunnel, () => (this.tunnel = undefined))}`;
  }

  #content(hasSoftware: boolean): TemplateResult {
    const { state, error, items } = this.#tasks;
    if (state === 'failed') {
      return html`<stele-error
        what="Your tasks could not be read"
        .error=${error}
        retryable
        @retry=${() => this.#tasks.refresh()}
      ></stele-error>`;
    }
    if (state === 'loading') return this.#skeleton();
    if (items.length === 0) return this.#empty(hasSoftware);
    return this.#lists(this.#found());
  }

  #lists({ active, ended }: Groups): TemplateResult {
    const actions = this.#cardActions();
    return html`${this.#tasks.items.length > 8 ? this.#searchBox() : nothing}
      <section aria-labelledby="active">
        <h2 id="active" class="visually-hidden">Running and waiting</h2>
        ${
          active.length === 0
            ? html`<p class="quiet">
                ${this.search ? 'Nothing that runs is called so.' : 'What you launch appears here.'}
              </p>`
            : html`<div class="cards">
                ${repeat(
                  active,
                  (task) => task.id,
                  (task) => taskCard(task, actions),
                )}
              </div>`
        }
      </section>
      ${ended.length > 0 ? this.#endedList(ended, actions) : nothing}`;
  }

  #endedList(ended: readonly Task[], actions: CardActions): TemplateResult {
    return html`<section aria-labelledby="ended">
      <div class="head">
        <h2 id="ended">Ended <span class="quiet numbers">${ended.length}</span></h2>
        <wa-button size="s" appearance="plain" @click=${() => this.#removeAll(ended)}>Delete all</wa-button>
      </div>
      <ul class="list">
        ${repeat(
          ended.slice(0, this.shown),
          (task) => task.id,
          (task) => taskRow(task, actions),
        )}
      </ul>
      ${
        ended.length > this.shown
          ? html`<p class="more">
              <wa-button appearance="plain" @click=${() => (this.shown += step * 5)}>Show more</wa-button>
            </p>`
          : nothing
      }
    </section>`;
  }

  #searchBox(): TemplateResult {
    return html`<p class="search">
      <input
        type="search"
        aria-label="Search tasks"
        placeholder="Search tasks"
        .value=${this.search}
        @input=${(event: Event) => (this.search = (event.target as HTMLInputElement).value)}
      />
    </p>`;
  }

  #skeleton(): TemplateResult {
    return html`<stele-loading what="your tasks">
      <div class="cards">${[1, 2, 3].map(() => html`<stele-skeleton class="card"></stele-skeleton>`)}</div>
    </stele-loading>`;
  }

  #empty(hasSoftware: boolean): TemplateResult {
    return html`<stele-empty icon="list-check" heading="Nothing runs yet">
      <p>
        A task is one run of a software on a computing. Choose a software, press play, and one click later you are in
        it.
      </p>
      ${
        hasSoftware
          ? html`<wa-button slot="actions" variant="brand" href=${this.host.navigation.href({ panel: 'software' })}>
              Choose a software
            </wa-button>`
          : nothing
      }
    </stele-empty>`;
  }

  #sheet(): TemplateResult {
    const open = this.route.query.get('open');
    // Pages of a task's own origin know only its key.
    const task = this.#tasks.items.find(({ id, key }) => id === open || key === open);
    const tab = this.route.query.get('tab') ?? 'details';
    if (task) void components('tabs');
    return html`<stele-sheet wide label=${task?.name ?? ''} .open=${task !== undefined} @close=${this.#closeSheet}>
      ${
        task
          ? html`${taskSheet({
                task,
                tab,
                now: this.now,
                old: staleness(task, this.#places.of(task)),
                schema: tab === 'settings' ? this.#schemas.of(task) : undefined,
                log: (one) => (signal) => this.api.text(`/tasks/${one.id}/logs`, { query: { follow: true }, signal }),
                events: async (one, signal) =>
                  (await this.api.get<{ items: TaskEvent[] }>(`/tasks/${one.id}/events`, { signal })).items,
                show: (tab) => this.#showTab(tab),
                actions: this.#cardActions(),
              })}
              <div slot="footer" class="foot">${sheetActions(task, this.#cardActions())}</div>`
          : nothing
      }
    </stele-sheet>`;
  }

  #summary(): string | undefined {
    if (this.#tasks.state === 'failed') return undefined;
    // The line is there from the start: what comes below it never moves.
    if (this.#tasks.items.length === 0) return 'What runs, what waits, and what has ended.';
    const live = this.#tasks.items.filter(isLive);
    if (live.length === 0) return 'Nothing runs at the moment.';
    const ready = live.filter((task) => task.ready).length;
    return `${plural(live.length, 'task runs or waits', 'tasks run or wait')}, ${ready} ready.`;
  }

  #found(): Groups {
    const fits = (task: Task): boolean => matches(this.search, task.name, task.software.name, task.computing.name);
    return grouped(this.#tasks.items.filter(fits), this.#seenLive);
  }

  #cardActions(): CardActions {
    return {
      href: (task, tab) => this.href({ query: { open: task.id, tab } }),
      connect: (task) => void this.#connect(task),
      stop: (task) => void this.#stop(task),
      remove: (task) => void this.#remove(task),
      again: (task) => void this.#again(task),
      bringBack: (task) => void this.#bringBack(task),
      folderHref: (storage, path) => this.#folderHref(storage, path),
      placeOf: (task) => this.#places.of(task),
      iconOf: (task) => this.#icons.get(task.software.id ?? '') ?? 'cube',
      now: this.now,
      busy: this.busy,
    };
  }

  /** Says a change of phase to screen readers, once. */
  #changed(task: Task): void {
    const before = this.#tasks.items.find((one) => one.id === task.id);
    const { word } = statusOf(task);
    if (!before || statusOf(before).word !== word) this.host.toasts.announce(`${task.name}: ${word}`);
    if (isLive(task)) this.#seenLive.add(task.id);
    this.#tasks.put(task);
  }

  async #readIcons(): Promise<void> {
    await this.run('Read the icons', async () => {
      const software = await this.api.all<Software>('/software', { signal: this.signal });
      for (const { id, icon } of software) this.#icons.set(id, icon);
      this.requestUpdate();
    });
  }

  async #connect(task: Task): Promise<void> {
    await this.#whileBusy(task, async () => {
      const connection = await this.#actions.connect(task);
      if (connection?.kind === 'tcp') this.tunnel = connection;
    });
  }

  async #stop(task: Task): Promise<void> {
    await this.run(`Stop “${task.name}”`, async () => {
      const stopped = await this.#actions.stop(task);
      if (stopped) this.#tasks.put(stopped);
    });
  }

  async #bringBack(task: Task): Promise<void> {
    await this.#whileBusy(task, async () => this.#tasks.put(await this.#actions.bringBack(task)));
  }

  #folderHref(storage: string, path: string): string | undefined {
    const { navigation } = this.host;
    return navigation.hasPanel('storage')
      ? navigation.href({ panel: 'storage', path: [storage, ...path.split('/').filter((part) => part !== '')] })
      : undefined;
  }

  async #remove(task: Task): Promise<void> {
    await this.run(`Delete “${task.name}”`, async () => {
      if (!(await this.#actions.remove(task))) return;
      this.#closeSheet();
      this.#tasks.remove(task.id);
    });
  }

  async #removeAll(tasks: readonly Task[]): Promise<void> {
    await this.run('Delete the ended tasks', async () => {
      for (const id of await this.#actions.removeAll(tasks)) this.#tasks.remove(id);
    });
  }

  async #again(task: Task): Promise<void> {
    await this.#whileBusy(task, async () => {
      const next = await this.#actions.again(task);
      if (!next) return;
      this.#changed(next);
      this.#closeSheet();
      this.host.toasts.show({ text: `“${next.name}” is on its way.`, tone: 'done' });
      scrollTo({ top: 0 });
    });
  }

  async #whileBusy(task: Task, action: () => Promise<void>): Promise<void> {
    this.busy = new Set([...this.busy, task.id]);
    await this.run(`“${task.name}”`, action);
    this.busy = new Set([...this.busy].filter((id) => id !== task.id));
  }

  #showTab(tab: string): void {
    if (tab !== (this.route.query.get('tab') ?? 'details')) this.setQuery({ tab }, { replace: true });
  }

  #closeSheet(): void {
    if (this.route.query.has('open')) this.setQuery({ open: undefined, tab: undefined });
  }
}
